import { PasswordChangeError } from '@password-gateway/errors';
import type { FastifyInstance } from 'fastify';

const TIMEOUT_MS = 5_000;

/**
 * Hands out the demonstration users of a local AWS to the documentation page, from the page's own origin. Exists only
 * where DOCS_SANDBOX_URL names that AWS.
 *
 * @param server the HTTP server
 * @param sandboxUrl where the local AWS is
 */
export function serveDemoUsers(server: FastifyInstance, sandboxUrl: string): void {
  for (const provider of ['cognito', 'iam']) {
    server.post(`/docs/sandbox/${provider}`, async (request, reply) => {
      // Taking a user sets its password back: no other page may do that in the background.
      const site = request.headers['sec-fetch-site'];
      if (site !== undefined && site !== 'same-origin') {
        throw new PasswordChangeError('permission_denied', {
          detail: 'Only the documentation page of this gateway may ask for its demo users.',
        });
      }
      return reply.type('application/json').send(await demoUser(`${sandboxUrl}/_sandbox/demo/${provider}`));
    });
  }
}

async function demoUser(url: string): Promise<string> {
  try {
    const answer = await fetch(url, { method: 'POST', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (answer.ok) return await answer.text();
  } catch {
    // Told below.
  }
  throw new PasswordChangeError('upstream_unreachable', {
    detail: 'The local AWS at DOCS_SANDBOX_URL hands out no demo users: see whether npm start still runs.',
  });
}
