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
    server.post(`/docs/sandbox/${provider}`, async (_request, reply) => {
      const user = await fetch(`${sandboxUrl}/_sandbox/demo/${provider}`, {
        method: 'POST',
        signal: AbortSignal.timeout(TIMEOUT_MS),
      }).catch(() => undefined);
      if (user?.ok !== true) {
        throw new PasswordChangeError('upstream_unreachable', {
          detail:
            'The local AWS at DOCS_SANDBOX_URL hands out no demo users: see whether npm start still runs.',
        });
      }
      return reply.type('application/json').send(await user.text());
    });
  }
}
