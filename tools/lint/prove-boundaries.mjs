// Proves that the module boundaries bite: each wrong import below must be refused by the lint rule.
import { ESLint } from 'eslint';

const RULE = '@nx/enforce-module-boundaries';
const WRONG_IMPORTS = [
  ['libs/errors/src/index.ts', '@password-gateway/validators', 'errors import nothing of ours'],
  ['libs/errors/src/index.ts', 'pino', 'errors import no package at all'],
  ['libs/validators/src/index.ts', '@password-gateway/provider-iam', 'validators import errors alone'],
  ['libs/validators/src/index.ts', '@nestjs/common', 'validators know no Nest'],
  [
    'libs/provider-iam/src/index.ts',
    '@password-gateway/provider-cognito',
    'providers do not know each other',
  ],
  ['libs/provider-cognito/src/index.ts', '@nestjs/common', 'providers know no Nest'],
  ['libs/provider-cognito/src/nest.ts', 'fastify', 'the Nest entry knows no HTTP framework'],
  [
    'libs/provider-iam/src/nest.ts',
    '@password-gateway/provider-cognito',
    'the Nest entries do not know each other',
  ],
  [
    'libs/provider-cognito/src/index.ts',
    '@password-gateway/aws-sandbox',
    'providers do not know the sandbox',
  ],
  ['libs/aws-sandbox/src/index.ts', '@password-gateway/errors', 'the sandbox imports nothing of ours'],
  [
    'apps/docs-page/src/page.ts',
    '@password-gateway/aws-sandbox',
    'the page meets the sandbox through the gateway alone',
  ],
  ['libs/aws-sandbox/src/index.ts', '../../errors/src/index.js', 'no relative import crosses a project'],
];

const eslint = new ESLint();
let failed = false;
for (const [filePath, specifier, meaning] of WRONG_IMPORTS) {
  const [{ messages }] = await eslint.lintText(`import '${specifier}';\n`, { filePath });
  const refused = messages.some(({ ruleId }) => ruleId === RULE);
  if (refused) continue;
  failed = true;
  process.stderr.write(`Not refused by ${RULE}: ${filePath} importing ${specifier} (${meaning}).\n`);
}
if (failed) process.exitCode = 1;
else process.stdout.write(`Module boundaries hold: ${WRONG_IMPORTS.length} wrong imports were refused.\n`);
