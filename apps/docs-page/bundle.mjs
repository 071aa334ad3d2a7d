// Makes dist/, the folder that the gateway serves: the page, its style sheet, one script with everything it needs, and
// the licences of what is in that script.
import { build } from 'esbuild';
import { copyFile, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

await build({
  entryPoints: [at('src/page.ts'), at('src/page.css')],
  outdir: at('dist'),
  bundle: true,
  minify: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  // The libraries' sources, so that the page can be made before they are built.
  conditions: ['@password-gateway/source', 'module', 'browser'],
  legalComments: 'linked',
  logLevel: 'warning',
});
await copyFile(at('src/index.html'), at('dist/index.html'));

const swaggerUi = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
await mkdir(at('dist/licences'), { recursive: true });
for (const name of ['LICENSE', 'NOTICE', 'swagger-ui-es-bundle.js.LICENSE.txt']) {
  await copyFile(join(swaggerUi, name), join(at('dist/licences'), name));
}
