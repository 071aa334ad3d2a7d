// Makes dist/, the folder that the gateway serves: the page, its style sheet and one script with everything it needs.
import { build } from 'esbuild';
import { copyFile } from 'node:fs/promises';
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
  // Icons in Swagger UI's style sheet are data: URLs already; nothing else may be loaded.
  legalComments: 'linked',
  logLevel: 'warning',
});
await copyFile(at('src/index.html'), at('dist/index.html'));
