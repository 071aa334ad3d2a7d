// Writes dist/openapi.json, the document that a gateway without settings of its own serves, and its TypeScript types.
import { writeFile } from 'node:fs/promises';
import openapiTypescript, { astToString } from 'openapi-typescript';

import { GatewayConfig } from './dist/config/config.js';
import { createOpenApiDocument } from './dist/docs/openapi.js';
import { createGateway } from './dist/gateway.js';

const app = await createGateway(new GatewayConfig({ LOG_LEVEL: 'silent' }));
await app.init();
const document = JSON.stringify(createOpenApiDocument(app, ''), null, 2);
await app.close();
await writeFile(new URL('dist/openapi.json', import.meta.url), `${document}\n`);
const types = astToString(await openapiTypescript(document));
await writeFile(new URL('dist/openapi.d.ts', import.meta.url), types);
