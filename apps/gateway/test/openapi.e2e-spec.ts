import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { env } from 'node:process';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PROBLEM_CODES } from '@password-gateway/errors';

import type { Answer } from './support/answer.js';
import { ERRORS_TABLE } from './support/errors-table.js';
import { request } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';

let stack: Stack;
let answer: Answer;

beforeAll(async () => {
  stack = await startStack();
  answer = await request(stack, '/openapi.json');
});

afterAll(() => stack.close());

/** The parts of the document that are looked at here. */
interface Document {
  readonly openapi: string;
  readonly servers: readonly { readonly url: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly headers?: object; readonly content: Readonly<Record<string, MediaType>> }>
  >;
  readonly requestBody: { readonly content: object };
  readonly security: readonly object[];
}

interface MediaType {
  readonly examples?: Readonly<
    Record<string, { readonly value: { readonly status: number; readonly code: string } }>
  >;
}

function documentOf({ text }: Answer): Document {
  return JSON.parse(text) as Document;
}

describe('GET /openapi.json', () => {
  it('is OpenAPI 3.1.0 with the one route', () => {
    expect(answer.status).toBe(200);
    const { openapi, paths } = documentOf(answer);
    expect(openapi).toBe('3.1.0');
    expect(Object.keys(paths)).toEqual(['/password/change']);
    expect(Object.keys(paths['/password/change'] ?? {})).toEqual(['post']);
  });

  it('passes redocly lint with the recommended rules, without an error or a warning', () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
    try {
      const file = join(folder, 'openapi.json');
      writeFileSync(file, answer.text);
      expect(redoclyLint(file, folder)).toEqual({
        totals: { errors: 0, warnings: 0, ignored: 0 },
        problems: [],
      });
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it('passes spectral lint with the rules for OpenAPI, without a result of any severity', () => {
    const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
    try {
      writeFileSync(join(folder, 'openapi.json'), answer.text);
      writeFileSync(join(folder, 'ruleset.yaml'), 'extends: ["spectral:oas"]\n');
      expect(spectralLint(folder)).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 60_000);

  it('lists every status of the taxonomy, and under it an example of every code', () => {
    const { responses } = documentOf(answer).paths['/password/change']!['post']!;
    const statuses = new Set(PROBLEM_CODES.map((code) => String(ERRORS_TABLE[code][0])));
    expect(Object.keys(responses).sort()).toEqual(['200', ...statuses].sort());
    const examples = [...statuses].flatMap((status) =>
      Object.values(responses[status]?.content['application/problem+json']?.examples ?? {}).map(
        ({ value }) => {
          expect(value.status).toBe(Number(status));
          return value.code;
        },
      ),
    );
    expect(examples.sort()).toEqual([...PROBLEM_CODES].sort());
  });

  it('takes the three dialects, and either of two credentials or one in the body', () => {
    const { requestBody, security } = documentOf(answer).paths['/password/change']!['post']!;
    expect(Object.keys(requestBody.content)).toEqual([
      'application/json',
      'application/x-amz-json-1.1',
      'application/x-www-form-urlencoded',
    ]);
    expect(security).toEqual([{ cognitoAccessToken: [] }, { iamSignature: [] }, {}]);
  });

  it('has native failures under the statuses that they come with, and none that SDKs repeat', () => {
    const { responses } = documentOf(answer).paths['/password/change']!['post']!;
    const statusesOf = (type: string): string[] =>
      Object.keys(responses).filter((status) => type in (responses[status]?.content ?? {}));
    expect(statusesOf('application/x-amz-json-1.1')).toEqual(['200', '400']);
    expect(statusesOf('text/xml')).toEqual(['200', '400', '403', '404', '409']);
  });

  it('tells the headers that say more than the body of a failure', () => {
    const { responses } = documentOf(answer).paths['/password/change']!['post']!;
    const statusesOf = (header: string): string[] =>
      Object.keys(responses).filter((status) => header in (responses[status]?.headers ?? {}));
    expect(statusesOf('WWW-Authenticate')).toEqual(['401']);
    expect(statusesOf('Allow')).toEqual(['405']);
    expect(statusesOf('Retry-After')).toEqual(['408', '409', '429', '502', '503']);
    expect(statusesOf('RateLimit')).toEqual(['200', '429']);
  });

  it('names PUBLIC_URL as its server', async () => {
    const own = await startStack({ environment: { PUBLIC_URL: 'https://passwords.example.com/api' } });
    try {
      const { servers } = documentOf(await request(own, '/openapi.json'));
      expect(servers).toEqual([{ url: 'https://passwords.example.com/api' }]);
    } finally {
      await own.close();
    }
  });
});

it('is the file that the build exports', () => {
  const exported = readFileSync(new URL('../public/openapi.json', import.meta.url), 'utf8');
  expect(JSON.parse(exported)).toEqual(JSON.parse(answer.text));
});

/** The CLI's verdict. It is told not to call home: no telemetry, no look for a newer version. */
function redoclyLint(file: string, cwd: string): { readonly totals: unknown; readonly problems: unknown } {
  const manifest = createRequire(import.meta.url).resolve('@redocly/cli/package.json');
  const program = join(dirname(manifest), 'bin', 'cli.js');
  const output = execFileSync(
    process.execPath,
    [program, 'lint', file, '--extends=recommended', '--format=json'],
    {
      cwd,
      encoding: 'utf8',
      env: { PATH: env['PATH'], REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const { totals, problems } = JSON.parse(output) as { totals: unknown; problems: unknown };
  return { totals, problems };
}

/** The CLI's findings, of every severity. */
function spectralLint(cwd: string): unknown {
  const manifest = createRequire(import.meta.url).resolve('@stoplight/spectral-cli/package.json');
  const program = join(dirname(manifest), 'dist', 'index.js');
  const output = execFileSync(
    process.execPath,
    [program, 'lint', 'openapi.json', '--ruleset', 'ruleset.yaml', '--format', 'json', '--quiet'],
    { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] },
  );
  return JSON.parse(output);
}
