import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { GatewayConfig } from '../config/config.js';
import { serveDemoUsers } from './demo-users.js';
import { servedDocument } from './served-document.js';

/** The page and its script: made by apps/docs-page, copied by the build. */
const PAGE_FOLDER = fileURLToPath(new URL('../../public/page', import.meta.url));

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
  // Written once: whoever asks for it often must not cost a copy each time.
  let document: Buffer | undefined;
  server.get('/openapi.json', (_request, reply) => {
    document ??= Buffer.from(JSON.stringify(servedDocument(config.publicUrl)));
    return reply.type('application/json; charset=utf-8').send(document);
  });
  // Not awaited: that would start the server's plugins before Nest has set its error handler.
  void server.register((page, _options, done) => {
    page.addHook('onSend', (_request, reply, _payload, next) => {
      void reply.headers(PAGE_HEADERS);
      next();
    });
    // One route per file: a name that is not among them is answered like any other unknown route.
    for (const file of pageFiles()) {
      let content: Buffer | undefined;
      const path = relative(PAGE_FOLDER, file);
      // The page's links are relative to /docs.
      page.get(path === 'index.html' ? '/docs' : `/docs/${path}`, (_request, reply) => {
        // Read once: a copy for each reader, however slow, would fill the memory.
        content ??= readFileSync(file);
        return reply.type(TYPES[extname(path)] ?? 'text/plain; charset=utf-8').send(content);
      });
    }
    page.get('/docs/', (_request, reply) => reply.redirect('../docs', 308));
    page.get('/docs/settings.json', (_request, reply) =>
      reply.send({
        cognito: config.cognitoOn,
        iamPartitions: config.iam.partitions,
        sandbox: config.docs.sandboxUrl !== '',
      }),
    );
    if (config.docs.sandboxUrl !== '') serveDemoUsers(page, config.docs.sandboxUrl);
    done();
  });
}

const TYPES: Readonly<Record<string, string>> = {
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
};

function pageFiles(): string[] {
  return readdirSync(PAGE_FOLDER, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
}
