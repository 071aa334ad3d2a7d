// The public face of each library, one report per entry point, in libs/*/api. Without a flag: fails where a report
// differs from what was built. With --write: writes the reports.
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

import { Extractor, ExtractorConfig, ExtractorLogLevel } from '@microsoft/api-extractor';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const LIBRARIES = ['errors', 'validators', 'provider-cognito', 'provider-iam', 'aws-sandbox'];

const IGNORED = { logLevel: ExtractorLogLevel.None };
const REPORTED = { logLevel: ExtractorLogLevel.Error, addToApiReportFile: true };

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } });
const temporary = await mkdtemp(join(tmpdir(), 'api-'));
let differing = 0;
try {
  for (const library of LIBRARIES) {
    const folder = join(ROOT, 'libs', library);
    const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    await mkdir(join(folder, 'api'), { recursive: true });
    for (const [entry, { types }] of Object.entries(exports)) {
      if (!report(library, folder, entry, types)) differing += 1;
    }
  }
} finally {
  await rm(temporary, { recursive: true, force: true });
}
if (differing > 0) {
  process.stderr.write(`${differing} API reports differ or lack documentation. On purpose? npm run api\n`);
  process.exitCode = 1;
}

/** Whether the entry point has all its documentation and the public face that its report shows. */
function report(library, folder, entry, types) {
  const name = entry === '.' ? library : `${library}-${entry.slice(2)}`;
  const { succeeded } = Extractor.invoke(configuration(name, folder, types), {
    localBuild: values.write,
    messageCallback: (message) => {
      if (message.logLevel === ExtractorLogLevel.Error) process.stderr.write(`${name}: ${message.text}\n`);
      message.handled = true;
    },
  });
  return succeeded;
}

function configuration(name, folder, types) {
  const mainEntryPointFilePath = join(folder, types);
  return ExtractorConfig.prepare({
    configObject: {
      projectFolder: folder,
      mainEntryPointFilePath,
      newlineKind: 'lf',
      apiReport: {
        enabled: true,
        reportFileName: `${name}.api.md`,
        reportFolder: join(folder, 'api'),
        reportTempFolder: temporary,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      compiler: {
        overrideTsconfig: {
          compilerOptions: {
            module: 'nodenext',
            target: 'es2023',
            lib: ['es2024', 'dom'],
            types: ['node'],
            strict: true,
            skipLibCheck: true,
          },
          files: [mainEntryPointFilePath],
        },
      },
      messages: {
        extractorMessageReporting: {
          default: REPORTED,
          // Every export is public; no tag says so again.
          'ae-missing-release-tag': IGNORED,
          // What a further entry point names is exported by the main one.
          'ae-forgotten-export': types.endsWith('/index.d.ts') ? REPORTED : IGNORED,
        },
        tsdocMessageReporting: { default: REPORTED },
      },
    },
    configObjectFullPath: undefined,
    packageJsonFullPath: join(folder, 'package.json'),
  });
}
