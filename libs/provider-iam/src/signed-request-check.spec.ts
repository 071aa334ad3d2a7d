import { createHash } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { PasswordChangeError } from '@password-gateway/errors';

import { IAM_PARTITION_NAMES, IAM_PARTITIONS } from './partitions.js';
import { RELAYED_HEADERS, type SignedIamForm, type SignedIamRequest } from './signed-request.js';
import { checkSignedIamRequest, signedBody } from './signed-request-check.js';

const NOW = new Date('2026-11-20T22:49:07Z');
const DATE = '20261120T224907Z';
const KEY = 'AKIAIOSFODNN7EXAMPLE';
const TOKEN = { 'X-Amz-Security-Token': 'FwoGZXIvYXdzE+/=' };
const WITH_TOKEN = 'content-type;host;x-amz-date;x-amz-security-token';

interface Parts {
  readonly algorithm?: string;
  readonly day?: string;
  readonly region?: string;
  readonly service?: string;
  readonly terminator?: string;
  readonly names?: string;
}

function signed(parts: Parts = {}, headers: Partial<SignedIamRequest> = {}): SignedIamRequest {
  const { algorithm = 'AWS4-HMAC-SHA256', day = '20261120', region = 'us-east-1', service = 'iam' } = parts;
  const { terminator = 'aws4_request', names = 'content-type;host;x-amz-date' } = parts;
  return {
    Authorization:
      `${algorithm} Credential=${KEY}/${day}/${region}/${service}/${terminator}, ` +
      `SignedHeaders=${names}, Signature=${'0'.repeat(64)}`,
    'X-Amz-Date': DATE,
    ...headers,
  };
}

function refusalOf(check: () => unknown): PasswordChangeError {
  try {
    check();
  } catch (error) {
    if (error instanceof PasswordChangeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

const refusal = (request: SignedIamRequest, now = NOW) =>
  refusalOf(() => checkSignedIamRequest(request, ['aws'], now));

describe('checkSignedIamRequest', () => {
  it.each([
    ['the usual headers', signed()],
    ['the two that must be signed', signed({ names: 'host;x-amz-date' })],
    ['a session', signed({ names: WITH_TOKEN }, TOKEN)],
    [
      'a content hash',
      signed({ names: 'host;x-amz-content-sha256;x-amz-date' }, { 'X-Amz-Content-Sha256': '0'.repeat(64) }),
    ],
    ['a content hash that is not signed', signed({}, { 'X-Amz-Content-Sha256': '0'.repeat(64) })],
  ])('accepts %s', (_, request) => {
    expect(checkSignedIamRequest(request, ['aws'], NOW)).toMatchObject({
      partition: 'aws',
      accessKeyId: KEY,
    });
  });

  it('tells the signed headers', () => {
    const { signedHeaders } = checkSignedIamRequest(signed(), ['aws'], NOW);
    expect(signedHeaders).toEqual(['content-type', 'host', 'x-amz-date']);
  });

  it('gives the header in one spelling, whichever was sent', () => {
    const { Authorization } = signed();
    const sent = Authorization.replaceAll(', ', ',').replace(' Credential', '   Credential');
    const checked = checkSignedIamRequest(signed({}, { Authorization: sent }), ['aws'], NOW);
    expect(checked.authorization).toBe(Authorization);
  });

  it('refuses everything where no partition is served', () => {
    expect(refusalOf(() => checkSignedIamRequest(signed(), [], NOW))).toMatchObject({
      code: 'pool_not_allowed',
      message: 'AWS IAM is not served here.',
    });
  });

  it.each(IAM_PARTITION_NAMES)('knows the partition %s by its region, and whether it is served', (name) => {
    const request = signed({ region: IAM_PARTITIONS[name].signingRegion });
    expect(checkSignedIamRequest(request, IAM_PARTITION_NAMES, NOW).partition).toBe(name);
    const others = IAM_PARTITION_NAMES.filter((other) => other !== name);
    expect(refusalOf(() => checkSignedIamRequest(request, others, NOW))).toMatchObject({
      code: 'pool_not_allowed',
      message: 'The partition of the credential scope is not one that is served here.',
    });
  });

  it.each([
    [
      'another algorithm',
      signed({ algorithm: 'AWS4-ECDSA-P256-SHA256' }),
      'The only signing algorithm accepted is AWS4-HMAC-SHA256.',
    ],
    ['another service', signed({ service: 'sts' }), 'The credential scope must name the service iam.'],
    [
      'another terminator',
      signed({ terminator: 'aws5_request' }),
      'The credential scope must end in aws4_request.',
    ],
    ['the day before', signed({ day: '20261119' }), 'The credential scope must name the day of X-Amz-Date.'],
    [
      'a region without an IAM',
      signed({ region: 'eu-west-1' }),
      'IAM requests are signed for the region us-east-1, not for this one.',
    ],
    ['a header in upper case', signed({ names: 'Host;x-amz-date' }), 'SignedHeaders must be in lower case.'],
    [
      'headers out of order',
      signed({ names: 'x-amz-date;host' }),
      'SignedHeaders must be sorted and each name may stand once.',
    ],
    [
      'a header twice',
      signed({ names: 'host;host;x-amz-date' }),
      'SignedHeaders must be sorted and each name may stand once.',
    ],
    ['no host', signed({ names: 'content-type;x-amz-date' }), 'SignedHeaders must hold host.'],
    ['no x-amz-date', signed({ names: 'content-type;host' }), 'SignedHeaders must hold x-amz-date.'],
    [
      'a header of another kind',
      signed({ names: 'accept;host;x-amz-date' }),
      'SignedHeaders may hold only content-length, content-type, host, x-amz-content-sha256, x-amz-date, x-amz-security-token.',
    ],
    [
      'a session token that is not signed',
      signed({}, TOKEN),
      'X-Amz-Security-Token must be sent and signed with temporary credentials, and neither without them.',
    ],
    [
      'a session token that is not sent',
      signed({ names: WITH_TOKEN }),
      'X-Amz-Security-Token must be sent and signed with temporary credentials, and neither without them.',
    ],
    [
      'a session token of two lines',
      signed({ names: WITH_TOKEN }, { 'X-Amz-Security-Token': 'a\r\nHost: b' }),
      'X-Amz-Security-Token is not a session token.',
    ],
    [
      'an empty session token',
      signed({ names: WITH_TOKEN }, { 'X-Amz-Security-Token': '' }),
      'X-Amz-Security-Token is not a session token.',
    ],
    [
      'a session token without end',
      signed({ names: WITH_TOKEN }, { 'X-Amz-Security-Token': 'x'.repeat(8193) }),
      'X-Amz-Security-Token is not a session token.',
    ],
    [
      'a content hash that is not sent',
      signed({ names: 'host;x-amz-content-sha256;x-amz-date' }),
      'X-Amz-Content-Sha256 is signed but was not sent.',
    ],
    [
      'a date of another form',
      signed({}, { 'X-Amz-Date': NOW.toUTCString() }),
      'X-Amz-Date must be sent, in the form YYYYMMDDTHHMMSSZ.',
    ],
    [
      'two dates',
      signed({}, { 'X-Amz-Date': `${DATE}, ${DATE}` }),
      'X-Amz-Date must be sent, in the form YYYYMMDDTHHMMSSZ.',
    ],
    [
      'a date that is none',
      signed({ day: '20261320' }, { 'X-Amz-Date': '20261320T224907Z' }),
      'X-Amz-Date is not a date.',
    ],
    [
      'a day that its month does not have',
      signed({ day: '20261131' }, { 'X-Amz-Date': '20261131T224907Z' }),
      'X-Amz-Date is not a date.',
    ],
    [
      'hour 24',
      signed({ day: '20261120' }, { 'X-Amz-Date': '20261120T240000Z' }),
      'X-Amz-Date is not a date.',
    ],
  ])('refuses %s in its own words', (_, request, message) => {
    expect(refusal(request)).toMatchObject({
      code: 'credential_malformed',
      message,
      provider: 'iam',
      outcome: 'unchanged',
    });
  });

  it.each([-15, 15])('accepts a clock that is %i minutes off, and no second more', (minutes) => {
    const offset = minutes * 60_000;
    const limit = new Date(NOW.getTime() + offset);
    const past = new Date(limit.getTime() + Math.sign(offset) * 1000);
    expect(checkSignedIamRequest(signed(), ['aws'], limit)).toMatchObject({ partition: 'aws' });
    expect(refusal(signed(), past)).toMatchObject({
      code: 'credential_expired',
      message: expect.stringMatching(
        /^X-Amz-Date is \d{8}T\d{6}Z, and here it is \d{8}T\d{6}Z: that is more than 15 minutes apart/,
      ),
      next: 'sign_the_same_body',
    });
  });

  it('names every region that is served', () => {
    const check = () => checkSignedIamRequest(signed({ region: 'eu-west-1' }), ['aws', 'aws-cn'], NOW);
    expect(refusalOf(check).message).toContain('the region us-east-1 or cn-north-1,');
  });
});

describe('checkSignedIamRequest, of a native form', () => {
  const check = (names: string, form: Partial<SignedIamForm> = {}, region = 'us-east-1') =>
    checkSignedIamRequest(signed({ names, region }), ['aws', 'aws-cn'], NOW, {
      body: 'Action=ChangePassword',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      host: undefined,
      ...form,
    });

  it('lets more headers be signed, when they were sent', () => {
    const names =
      'accept;amz-sdk-invocation-id;amz-sdk-request;content-length;host;x-amz-date;x-amz-user-agent';
    const headers = {
      ...Object.fromEntries(names.split(';').map((name) => [name, 'a'])),
      'content-length': String('Action=ChangePassword'.length),
    };
    expect(check(names, { headers }).signedHeaders).toEqual(names.split(';'));
    expect(refusal(signed({ names })).message).toMatch(
      /^SignedHeaders may hold only content-length, content-type, host, x-amz-content-sha256, x-amz-date, /,
    );
    for (const name of names.split(';').filter((one) => RELAYED_HEADERS.has(one))) {
      const others = Object.fromEntries(Object.entries(headers).filter(([other]) => other !== name));
      expect(refusalOf(() => check(names, { headers: others }))).toMatchObject({
        code: 'credential_malformed',
        message: `${name} is signed but was not sent.`,
      });
    }
  });

  it.each([
    ...['accept-encoding', 'amz-sdk-retry', 'cache-control', 'constructor', 'cookie', 'postman-token'],
    'user-agent',
  ])('lets %s be signed, which goes to AWS as it came', (name) => {
    const names = ['host', 'x-amz-date', name].sort().join(';');
    expect(check(names, { headers: { [name]: 'a' } }).signedHeaders).toContain(name);
    expect(refusalOf(() => check(names)).message).toBe(`${name} is signed but was not sent.`);
  });

  it.each([
    ...['connection', 'content-encoding', 'expect', 'keep-alive', 'proxy-authorization', 'te', 'trailer'],
    ...[
      'transfer-encoding',
      'upgrade',
      'x-amz-target',
      'x-http-method-override',
      'authorization',
      'forwarded',
    ],
  ])('lets %s not be signed: it does not go to AWS', (name) => {
    const names = ['host', 'x-amz-date', name].sort().join(';');
    expect(refusalOf(() => check(names, { headers: { [name]: 'a' } })).message).toBe(
      `SignedHeaders may not hold ${name}: it does not go to AWS.`,
    );
  });

  it.each(['iam.global.api.aws', 'iam-fips.amazonaws.com', 'iam-fips.global.api.aws'])(
    'takes %s for the host that was signed',
    (host) => {
      expect(check('host;x-amz-date', { host }).host).toBe(host);
      expect(refusalOf(() => check('host;x-amz-date', { host }, 'cn-north-1')).message).toContain(
        'must name the signing region of the Host',
      );
    },
  );

  it.each([
    [undefined, 'us-east-1'],
    ['gateway.test', 'us-east-1'],
    ['gateway.test', 'cn-north-1'],
    ['iam.amazonaws.com', 'us-east-1'],
    ['iam.cn-north-1.amazonaws.com.cn', 'cn-north-1'],
  ])('takes the host %s for a signature of %s', (host, region) => {
    expect(check('host;x-amz-date', { host }, region).partition).toBe(
      region === 'us-east-1' ? 'aws' : 'aws-cn',
    );
  });

  it.each([
    ['iam.amazonaws.com', 'cn-north-1'],
    ['iam.cn-north-1.amazonaws.com.cn', 'us-east-1'],
    ['iam.us-gov.amazonaws.com', 'us-east-1'],
  ])('refuses the host %s for a signature of %s', (host, region) => {
    expect(refusalOf(() => check('host;x-amz-date', { host }, region))).toMatchObject({
      code: 'credential_malformed',
      message: 'The credential scope must name the signing region of the Host.',
    });
  });
});

describe('signedBody', () => {
  const BODY = 'Action=ChangePassword&Version=2010-05-08&OldPassword=%C3%A9&NewPassword=b';
  const HASH = createHash('sha256').update(BODY).digest('hex');
  const OTHER = `${BODY}+`;

  const check = (hash?: string) =>
    signedBody(signed({}, hash === undefined ? {} : { 'X-Amz-Content-Sha256': hash }), [BODY, OTHER]);

  it.each([undefined, HASH])('accepts the hash %j', async (hash) => {
    await expect(check(hash)).resolves.toBe(BODY);
  });

  it('finds the spelling that was signed', async () => {
    await expect(check(createHash('sha256').update(OTHER).digest('hex'))).resolves.toBe(OTHER);
  });

  it.each([
    createHash('sha256').update('another body').digest('hex'),
    HASH.toUpperCase(),
    'UNSIGNED-PAYLOAD',
    'STREAMING-AWS4-HMAC-SHA256-PAYLOAD',
    '',
  ])('refuses the hash %j', async (hash) => {
    await expect(check(hash)).rejects.toMatchObject({
      name: 'PasswordChangeError',
      code: 'signature_mismatch',
      message: expect.stringMatching(/^X-Amz-Content-Sha256 is not the hash of a body /),
    });
  });
});

describe('checkSignedIamRequest, of what the gateway makes a body for', () => {
  const check = (more: Partial<SignedIamRequest>, variant = {}) =>
    checkSignedIamRequest({ ...signed(), ...more }, ['aws'], NOW, undefined, variant);

  it('counts the usual host and type as signed, unless settings or headers name others', () => {
    expect(check({})).toMatchObject({
      host: 'iam.amazonaws.com',
      contentType: 'application/x-www-form-urlencoded; charset=utf-8',
    });
    expect(check({}, { useFipsEndpoint: true }).host).toBe('iam-fips.amazonaws.com');
    expect(check({ 'X-Signed-Host': 'iam.global.api.aws' }, { useFipsEndpoint: true }).host).toBe(
      'iam.global.api.aws',
    );
    const type = 'application/x-www-form-urlencoded';
    expect(check({ 'X-Signed-Content-Type': type }).contentType).toBe(type);
  });

  it.each<[Partial<SignedIamRequest>, RegExp]>([
    [{ 'X-Signed-Host': 'evil.test' }, /^X-Signed-Host must be a host of AWS IAM: iam\.amazonaws\.com, /],
    [{ 'X-Signed-Host': 'iam.us-gov.amazonaws.com' }, /signing region of the Host/],
    [{ 'X-Signed-Content-Type': 'application/json' }, /^X-Signed-Content-Type must be /],
    [{ 'X-Signed-Host': 1 as unknown as string }, /^X-Signed-Host must be a string/],
  ])('refuses %j', (more, message) => {
    expect(refusalOf(() => check(more))).toMatchObject({
      code: 'credential_malformed',
      message: expect.stringMatching(message),
    });
  });

  it('takes a signed length, which it knows', () => {
    const names = 'content-length;content-type;host;x-amz-date';
    expect(checkSignedIamRequest(signed({ names }), ['aws'], NOW).signedHeaders).toContain('content-length');
  });
});
