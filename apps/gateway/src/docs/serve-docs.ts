import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { fileURLToPath } from 'node:url';

import type { GatewayConfig } from '../config/config.js';
import { serveDemoUsers } from './demo-users.js';
import { servedDocument } from './served-document.js';

/** The page and its script: made by apps/docs-page, copied by the build, served as files. */
const PAGE_FOLDER = fileURLToPath(new URL('../page', import.meta.url));

/**
 * The page's own scripts, style sheet and requests, and nothing from anywhere else. Swagger UI has icons as data: URLs
 * in its style sheet.
 */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

/**
 * Serves the documentation page at `/docs` and the document that it shows at `/openapi.json`.
 *
 * @param app the application, before it listens
 * @param config for the public URL, what the page may offer, and the local AWS
 */
export function serveDocs(app: NestFastifyApplication, config: GatewayConfig): void {
  const server = app.getHttpAdapter().getInstance();
  let document: object | undefined;
  server.get('/openapi.json', (_request, reply) => {
    document ??= servedDocument(config.publicUrl);
    return reply.send(document);
  });
  server.addHook('onSend', (request, reply, _payload, done) => {
    // Here and not earlier, because the static files come with a Cache-Control of their own.
    if (request.routeOptions.url?.startsWith('/docs') === true) {
      void reply.headers({ ...PAGE_HEADERS, 'Cache-Control': 'no-store' });
    }
    done();
  });
  // Not awaited: that would start the server's plugins before Nest has set its error handler.
  void server.register(fastifyStatic, {
    root: PAGE_FOLDER,
    prefix: '/docs/',
    // One route per file: a name that is not among them is answered like any other unknown route.
    wildcard: false,
    // Served as /docs alone: its links are relative to that.
    index: false,
    globIgnore: ['**/index.html'],
  });
  server.get('/docs', (_request, reply) => reply.sendFile('index.html'));
  // The page's links are relative to /docs.
  server.get('/docs/', (_request, reply) => reply.redirect('../docs', 308));
  server.get('/docs/settings.json', (_request, reply) =>
    reply.send({
      cognito: config.cognitoOn,
      iamPartitions: config.iam.partitions,
      sandbox: config.docs.sandboxUrl !== '',
    }),
  );
  if (config.docs.sandboxUrl !== '') serveDemoUsers(server, config.docs.sandboxUrl);
}
