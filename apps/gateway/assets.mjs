// Makes what the gateway serves as it is: openapi.json, with its TypeScript types, and the page at /docs.
import { cp, mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import openapiTypescript, { astToString } from 'openapi-typescript';

import { GatewayConfig } from './dist/config/config.js';
import { createOpenApiDocument } from './dist/docs/openapi.js';
import { createGateway } from './dist/gateway.js';

const here = (path) => new URL(path, import.meta.url);

const app = await createGateway(new GatewayConfig({ LOG_LEVEL: 'silent', DOCS: 'off' }));
await app.init();
const document = JSON.stringify(createOpenApiDocument(app), null, 2);
await app.close();
await mkdir(here('public'), { recursive: true });
await writeFile(here('public/openapi.json'), `${document}\n`);
await writeFile(here('dist/openapi.d.ts'), astToString(await openapiTypescript(document)));

const page = dirname(createRequire(import.meta.url).resolve('@password-gateway/docs-page/package.json'));
await cp(join(page, 'dist'), here('public/page'), { recursive: true });
