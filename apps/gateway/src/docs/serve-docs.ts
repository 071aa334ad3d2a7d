import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

import type { GatewayConfig } from '../config/config.js';
import { createOpenApiDocument } from './openapi.js';
import { serveDemoUsers } from './demo-users.js';

/** The page and its script: made by apps/docs-page, which is served as files and never imported. */
const PAGE_FOLDER = join(
  dirname(createRequire(import.meta.url).resolve('@password-gateway/docs-page/package.json')),
  'dist',
);

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
  // Made when it is first asked for: the controllers are known only once the application has started.
  let document: object | undefined;
  server.get('/openapi.json', (_request, reply) => {
    document ??= createOpenApiDocument(app, config.publicUrl);
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
