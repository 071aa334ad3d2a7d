// Makes the folder artefact, what is deployed: the compiled gateway and all that it needs in a few files, with a manifest
// and a lock of its own. Node starts it in half the time that finding and loading 1,500 modules takes.
import { build } from 'esbuild';
import { execFileSync } from 'node:child_process';
import { cp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const here = (path) => new URL(path, import.meta.url);
const WORKSPACE = fileURLToPath(here('../..'));

/** What Node gives to CommonJS modules, of which the bundle holds many. */
const COMMON_JS = `import { createRequire as __createRequire } from 'node:module';
const require = __createRequire(import.meta.url), __filename = import.meta.filename, __dirname = import.meta.dirname;`;

await rm(here('artefact'), { recursive: true, force: true });
const { metafile } = await build({
  entryPoints: [fileURLToPath(here('dist/main.js'))],
  outdir: fileURLToPath(here('artefact/dist/server')),
  absWorkingDir: WORKSPACE,
  bundle: true,
  splitting: true,
  // 7 MB less memory. Names and short lines stay: a stack trace is read by people.
  minifySyntax: true,
  minifyWhitespace: true,
  lineLimit: 160,
  metafile: true,
  platform: 'node',
  target: 'node22',
  format: 'esm',
  // Of the SDK's clients their modules: what is not used of them is left out.
  mainFields: ['module', 'main'],
  conditions: ['module'],
  plugins: [{ name: 'lean', setup: lean }],
  // Nest asks for them and does without.
  external: [
    'class-transformer',
    'class-validator',
    '@fastify/multipart',
    '@fastify/static',
    '@fastify/view',
    '@nestjs/microservices',
    '@nestjs/platform-express',
    '@nestjs/websockets',
  ],
  banner: { js: COMMON_JS },
  logLevel: 'warning',
});
await cp(here('public'), here('artefact/public'), { recursive: true });
await cp(here('../../LICENSE'), here('artefact/LICENSE'));

const { name, version, description, license, engines } = JSON.parse(
  await readFile(here('package.json'), 'utf8'),
);
const scripts = { start: 'node dist/server/main.js' };
const manifest = { name, version, private: true, description, license, type: 'module', engines, scripts };
await writeFile(here('artefact/package.json'), `${JSON.stringify(manifest, undefined, 2)}\n`);
execFileSync('npm', ['install', '--package-lock-only', '--ignore-scripts'], {
  cwd: here('artefact'),
  stdio: ['ignore', 'ignore', 'inherit'],
});
await writeFile(here('artefact/THIRD-PARTY.txt'), await licences(Object.keys(metafile.inputs)));

/** Name, version and licence of each package in the bundle. */
async function licences(inputs) {
  const folders = new Set(inputs.map((file) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(file)?.[0]));
  folders.delete(undefined);
  const texts = [...folders].sort().map(async (folder) => {
    const root = new URL(`../../${folder}/`, import.meta.url);
    const { name, version, license } = JSON.parse(await readFile(new URL('package.json', root), 'utf8'));
    const files = (await readdir(root)).filter((entry) => /^(?:licen[cs]e|notice)/i.test(entry));
    const parts = await Promise.all(files.map((file) => readFile(new URL(file, root), 'utf8')));
    const text = parts.join('\n') || `Licence: ${license}\n`;
    return `${name} ${version} (${license})\n\n${text}`;
  });
  return (await Promise.all(texts)).join(`\n${'-'.repeat(80)}\n`);
}

/** Leaves out what would be loaded and never used. */
function lean({ onLoad, onResolve }) {
  const undici = { path: fileURLToPath(here('undici-client.cjs')) };
  onResolve({ filter: /^undici$/ }, () => undici);
  // To import node:http is to read all that it exports, and so to load the WebSocket in Node: 25 ms.
  onResolve({ filter: /^(?:node:)?http$/ }, ({ kind }) =>
    kind === 'import-statement' ? { path: 'node:http', namespace: 'builtin' } : undefined,
  );
  onLoad({ filter: /./, namespace: 'builtin' }, ({ path }) => ({
    contents: `module.exports = process.getBuiltinModule('${path}');`,
  }));
}
