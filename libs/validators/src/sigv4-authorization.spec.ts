import { describe, expect, it } from '@jest/globals';

import { parseSigV4Authorization } from './sigv4-authorization.js';

const KEY = 'AKIAIOSFODNN7EXAMPLE';
const CREDENTIAL = `${KEY}/20261120/us-east-1/iam/aws4_request`;
const HEADERS = 'content-type;host;x-amz-date';
const SIGNATURE = '0123456789abcdef'.repeat(4);

interface Parts {
  readonly credential?: string;
  readonly headers?: string;
  readonly signature?: string;
}

const header = ({ credential = CREDENTIAL, headers = HEADERS, signature = SIGNATURE }: Parts = {}) =>
  `AWS4-HMAC-SHA256 Credential=${credential}, SignedHeaders=${headers}, Signature=${signature}`;

const GOOD = {
  accessKeyId: KEY,
  date: '20261120',
  region: 'us-east-1',
  service: 'iam',
  terminator: 'aws4_request',
  signedHeaders: ['content-type', 'host', 'x-amz-date'],
  signature: SIGNATURE,
};

describe('parseSigV4Authorization', () => {
  it.each([
    ['with a space after each comma', header()],
    ['without', header().replaceAll(', ', ',')],
    ['with one only', header().replace(', ', ',')],
    ['with more spaces after the algorithm', header().replace(' Credential', '   Credential')],
  ])('reads the three parts %s', (_, value) => {
    expect(parseSigV4Authorization(value)).toEqual(GOOD);
  });

  it.each([
    [
      'the shortest key id',
      { credential: CREDENTIAL.replace(KEY, 'A'.repeat(16)) },
      { accessKeyId: 'A'.repeat(16) },
    ],
    [
      'the longest key id',
      { credential: CREDENTIAL.replace(KEY, '_'.repeat(128)) },
      { accessKeyId: '_'.repeat(128) },
    ],
    [
      'another region',
      { credential: CREDENTIAL.replace('us-east-1', 'us-gov-west-1') },
      { region: 'us-gov-west-1' },
    ],
    ['another service', { credential: CREDENTIAL.replace('/iam/', '/sts/') }, { service: 'sts' }],
    [
      'another terminator',
      { credential: CREDENTIAL.replace('aws4_request', 'aws5') },
      { terminator: 'aws5' },
    ],
    [
      'header names as they are',
      { headers: 'X-Amz-Date;Host;host' },
      { signedHeaders: ['X-Amz-Date', 'Host', 'host'] },
    ],
  ])('leaves %s to be judged by others', (_, parts, expected) => {
    expect(parseSigV4Authorization(header(parts))).toEqual({ ...GOOD, ...expected });
  });

  it.each([
    ['nothing', ''],
    ['a bearer token', 'Bearer canary'],
    ['SigV4a', header().replace('AWS4-HMAC-SHA256', 'AWS4-ECDSA-P256-SHA256')],
    ['the algorithm in lower case', header().replace('AWS4-HMAC-SHA256', 'aws4-hmac-sha256')],
    ['a longer name of the algorithm', header().replace('AWS4-HMAC-SHA256', 'AWS4-HMAC-SHA256-PAYLOAD')],
    ['a space in front', ` ${header()}`],
    ['a bearer token in front', `Bearer canary, ${header()}`],
  ])('refuses %s for its algorithm', (_, value) => {
    expect(parseSigV4Authorization(value)).toBe('The only signing algorithm accepted is AWS4-HMAC-SHA256.');
  });

  it.each([
    ['the algorithm alone', 'AWS4-HMAC-SHA256 '],
    [
      'parts in another order',
      `AWS4-HMAC-SHA256 SignedHeaders=host, Credential=${CREDENTIAL}, Signature=${SIGNATURE}`,
    ],
    ['a part too few', `AWS4-HMAC-SHA256 Credential=${CREDENTIAL}, Signature=${SIGNATURE}`],
    ['a part twice', header().replace(', SignedHeaders', `, Credential=${CREDENTIAL}, SignedHeaders`)],
    ['a part too many', `${header()}, Canary=1`],
    ['a bearer token behind', `${header()}, Bearer canary`],
    ['a second signature behind', `${header()},${header()}`],
    ['a space at the end', `${header()} `],
    ['a line feed at the end', `${header()}\n`],
    ['a tab after a comma', header().replace(', ', ',\t')],
    ['two spaces after a comma', header().replace(', ', ',  ')],
    ['a space before a comma', header().replace(', ', ' , ')],
    ['no commas', header().replaceAll(', ', ' ')],
    ['semicolons between the parts', header().replaceAll(', ', '; ')],
    ['an equals sign inside a value', header({ headers: 'host=canary' })],
    ['a space inside a value', header({ headers: 'host; x-amz-date' })],
    ['an empty credential', header({ credential: '' })],
    ['an empty list of headers', header({ headers: '' })],
    ['an empty signature', header({ signature: '' })],
  ])('refuses %s for its form', (_, value) => {
    expect(parseSigV4Authorization(value)).toMatch(/^The Authorization header must read: /);
  });

  it.each([
    ['a key id of 15 characters', CREDENTIAL.replace(KEY, 'A'.repeat(15))],
    ['a key id of 129 characters', CREDENTIAL.replace(KEY, 'A'.repeat(129))],
    ['a key id with a hyphen', CREDENTIAL.replace(KEY, 'AKIA-CANARY-CANARY')],
    ['a key id beyond ASCII', CREDENTIAL.replace(KEY, 'AKIAÉÉÉÉÉÉÉÉÉÉÉÉÉ')],
    ['a day of 7 digits', CREDENTIAL.replace('20261120', '2026112')],
    ['a day with a time', CREDENTIAL.replace('20261120', '20261120T000000Z')],
    ['no region', CREDENTIAL.replace('us-east-1', '')],
    ['a region in upper case', CREDENTIAL.replace('us-east-1', 'US-EAST-1')],
    ['a region with a full stop', CREDENTIAL.replace('us-east-1', 'us.east.1')],
    ['a region of 33 characters', CREDENTIAL.replace('us-east-1', 'a'.repeat(33))],
    ['no terminator', CREDENTIAL.replace('/aws4_request', '')],
    ['an empty terminator', CREDENTIAL.replace('aws4_request', '')],
    ['one part more', `${CREDENTIAL}/canary`],
    ['a slash in front', `/${CREDENTIAL}`],
  ])('refuses %s in the credential', (_, credential) => {
    expect(parseSigV4Authorization(header({ credential }))).toMatch(/^Credential must read: /);
  });

  it.each(['host;', ';host', 'host;;x-amz-date', 'host/path', 'x_amz', 'h'.repeat(65), 'é'])(
    'refuses the header names %j',
    (headers) => {
      expect(parseSigV4Authorization(header({ headers }))).toBe(
        'SignedHeaders must be header names separated by semicolons.',
      );
    },
  );

  it.each([
    ['63 digits', SIGNATURE.slice(1)],
    ['65 digits', `${SIGNATURE}0`],
    ['upper-case digits', SIGNATURE.toUpperCase()],
    ['a letter that is no digit', SIGNATURE.replace('f', 'g')],
  ])('refuses a signature of %s', (_, signature) => {
    expect(parseSigV4Authorization(header({ signature }))).toBe(
      'Signature must be 64 lower-case hexadecimal digits.',
    );
  });

  it.each([
    ['canary'],
    [header({ credential: 'canary' })],
    [header({ headers: 'canary_' })],
    [header({ signature: 'canary' })],
    [`${header()}, canary`],
  ])('does not repeat what it refuses in %j', (value) => {
    const refusal = parseSigV4Authorization(value);
    expect(typeof refusal).toBe('string');
    expect(refusal).not.toContain('canary');
  });

  it.each([
    ['spaces', `AWS4-HMAC-SHA256${' '.repeat(16_384)}x`],
    ['a credential without end', header({ credential: `${'A'.repeat(16_384)}/` })],
    ['slashes', header({ credential: '/'.repeat(16_384) })],
    ['semicolons', header({ headers: ';'.repeat(16_384) })],
    ['repeated parts', 'AWS4-HMAC-SHA256 '.padEnd(16_384, 'Credential=a, SignedHeaders=a, ')],
    ['a signature without end', header({ signature: 'f'.repeat(16_384) })],
  ])('refuses 16 KiB of %s with little work', (_, value) => {
    const before = process.cpuUsage();
    for (let times = 0; times < 100; times++) expect(typeof parseSigV4Authorization(value)).toBe('string');
    const { user, system } = process.cpuUsage(before);
    // Processor time, so that a busy machine does no harm: 100 linear passes take milliseconds, quadratic ones half a minute.
    expect(user + system).toBeLessThan(1_000_000);
  });
});
