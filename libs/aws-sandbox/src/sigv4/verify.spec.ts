import { ChangePasswordCommand, IAMClient } from '@aws-sdk/client-iam';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { Sha256Node } from '@smithy/core/checksum';
import { HttpRequest } from '@smithy/core/protocols';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { SignatureV4 } from '@smithy/signature-v4';
import { captureRequest } from '../../test/capture.js';
import { flipBit, TAMPERINGS, withHeader, withoutHeader } from '../../test/tampering.js';
import { headerValues } from './headers.js';
import type { SigV4Options, SigV4Request } from './types.js';
import { verifySigV4 } from './verify.js';

const LONG_TERM = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY',
};
const TEMPORARY = {
  accessKeyId: 'ASIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'je7MtGbClwBF/2Zp9Utk/h3yCo8nvbEXAMPLEKEY',
  sessionToken: 'IQoJb3JpZ2luX2VjEXAMPLE//////////wEaCXVzLWVhc3QtMSJHMEUCIQ==',
};
const KEYS = new Map([LONG_TERM, TEMPORARY].map((key) => [key.accessKeyId, key]));
const SIGNED_AT = new Date('2026-11-20T22:49:07Z');
const ODD_PASSWORDS = [
  'two  words',
  'a+b',
  'a&Action=DeleteUser',
  '100%',
  'til~de',
  'st*r',
  'über',
  'tab\tbed',
  'a=b',
  'a/b',
  "it's",
  'say "x"',
  'ünïcödé ÿ',
  '%41%00',
  '!()[]{}<>?;:@#$^|\\`,',
];

const accepted = (accessKeyId: string) => ({ ok: true, accessKeyId });
const mismatch = {
  ok: false,
  status: 403,
  code: 'SignatureDoesNotMatch',
  message:
    'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key ' +
    'and signing method. Consult the service documentation for details.',
};

describe('the low-level signer of the JavaScript SDK (SignatureV4)', () => {
  it.each(ODD_PASSWORDS)('is accepted with the password %j', async (password) => {
    const request = await sendSigned(LONG_TERM, { body: changePasswordForm(password) });
    expect(verify(request)).toEqual(accepted(LONG_TERM.accessKeyId));
  });

  it('is accepted with a session token', async () => {
    const request = await sendSigned(TEMPORARY);
    expect(headerValues(request.headers, 'x-amz-security-token')).toEqual([TEMPORARY.sessionToken]);
    expect(verify(request)).toEqual(accepted(TEMPORARY.accessKeyId));
  });

  it('is accepted without X-Amz-Content-Sha256', async () => {
    const request = await sendSigned(LONG_TERM, { applyChecksum: false });
    expect(headerValues(request.headers, 'x-amz-content-sha256')).toEqual([]);
    expect(verify(request)).toEqual(accepted(LONG_TERM.accessKeyId));
  });

  it('is accepted with odd characters in path and query', async () => {
    const query = { "it's (a) *b*!": ODD_PASSWORDS, b: '', 'a-': '2', a: '1', A: '~' };
    const request = await sendSigned(LONG_TERM, { path: '/a%20b//%C3%BC/./c+d/../e*f/', query });
    expect(request.target).toContain('/a%20b//%C3%BC/./c+d/../e*f/?');
    expect(verify(request)).toEqual(accepted(LONG_TERM.accessKeyId));
  });

  it('is accepted with white space and quotes in a header', async () => {
    const request = await sendSigned(LONG_TERM, { headers: { 'x-note': 'a  "b \t c"   d' } });
    expect(headerValues(request.headers, 'x-note')).toEqual(['a  "b \t c"   d']);
    expect(verify(request)).toEqual(accepted(LONG_TERM.accessKeyId));
  });

  it('is refused when it signed with another secret', async () => {
    const request = await sendSigned({ ...LONG_TERM, secretAccessKey: TEMPORARY.secretAccessKey });
    expect(verify(request)).toEqual(mismatch);
  });

  it.each([{ region: 'eu-west-1' }, { service: 'sts' }])(
    'is refused when it signed for %j and the scope was rewritten afterwards',
    async (elsewhere) => {
      const request = await sendSigned(LONG_TERM, elsewhere);
      const scope = /\/(eu-west-1|us-east-1)\/(iam|sts)\//;
      const rewritten = withHeader(request, 'authorization', (value) =>
        value.replace(scope, '/us-east-1/iam/'),
      );
      expect(rewritten).not.toEqual(request);
      expect(verify(rewritten)).toEqual(mismatch);
    },
  );
});

describe('the high-level client of the JavaScript SDK (IAMClient.send)', () => {
  it.each(ODD_PASSWORDS)('is accepted with the password %j', async (password) => {
    const request = await sendChangePassword(LONG_TERM, password);
    expect(Buffer.from(request.body).toString()).toContain('Action=ChangePassword');
    expect(verify(request)).toEqual(accepted(LONG_TERM.accessKeyId));
  });

  it('is accepted with a session token', async () => {
    expect(verify(await sendChangePassword(TEMPORARY, 'p'))).toEqual(accepted(TEMPORARY.accessKeyId));
  });
});

describe.each([
  ['SignatureV4', () => sendSigned(TEMPORARY)],
  ['IAMClient.send', () => sendChangePassword(TEMPORARY, 'new password')],
])('a captured request of %s', (_, capture) => {
  let captured: SigV4Request;
  beforeAll(async () => {
    captured = await capture();
  });

  it('is accepted as it is', () => {
    expect(verify(captured)).toEqual(accepted(TEMPORARY.accessKeyId));
  });

  it.each(TAMPERINGS)('is refused with $name', ({ change, code, message }) => {
    expect(verify(change(captured))).toMatchObject({
      ok: false,
      code,
      message: expect.stringMatching(message),
    });
  });

  it('is refused with another session token, and with none', () => {
    const invalid = { ok: false, status: 403, code: 'InvalidClientTokenId' };
    expect(verify(withHeader(captured, 'x-amz-security-token', (token) => `${token}A`))).toMatchObject(
      invalid,
    );
    expect(verify(withoutHeader(captured, 'x-amz-security-token'))).toMatchObject(invalid);
  });

  it('is refused with any single bit of the body flipped', () => {
    const bits = [...Array(captured.body.length * 8).keys()];
    const survivors = bits.filter((bit) => verify({ ...captured, body: flipBit(captured.body, bit) }).ok);
    expect(bits.length).toBeGreaterThan(500);
    expect(survivors).toEqual([]);
  });

  it('is refused with any single bit of a signed header value flipped', () => {
    const [authorization = ''] = headerValues(captured.headers, 'authorization');
    const names = /SignedHeaders=([^,]+)/.exec(authorization)![1]!.split(';');
    const survivors = names.flatMap((name) => survivingBits(captured, name));
    expect(names).toEqual(expect.arrayContaining(['host', 'x-amz-date', 'x-amz-security-token']));
    expect(survivors).toEqual([]);
  });

  it('is refused with any single bit of the Authorization header flipped', () => {
    expect(survivingBits(captured, 'authorization')).toEqual([]);
  });
});

/** Which flipped bits of a header value the verifier does not notice. */
function survivingBits(request: SigV4Request, name: string): string[] {
  const [value = ''] = headerValues(request.headers, name);
  return [...Array(value.length * 8).keys()]
    .map((bit) => Buffer.from(flipBit(Buffer.from(value, 'latin1'), bit)).toString('latin1'))
    .filter((changed) => verify(withHeader(request, name, () => changed)).ok);
}

function verify(request: SigV4Request) {
  const options: SigV4Options = {
    service: 'iam',
    region: 'us-east-1',
    now: SIGNED_AT,
    lookup: (accessKeyId) => KEYS.get(accessKeyId),
  };
  return verifySigV4(request, options);
}

function changePasswordForm(password: string): string {
  const encode = (text: string) =>
    encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
  return `Action=ChangePassword&Version=2010-05-08&OldPassword=old&NewPassword=${encode(password)}`;
}

interface Variation {
  readonly body?: string;
  readonly path?: string;
  readonly query?: Record<string, string | string[]>;
  readonly headers?: Record<string, string>;
  readonly region?: string;
  readonly service?: string;
  readonly applyChecksum?: boolean;
}

/** Signs what the gateway's callers sign, for the real host, and sends it with the SDK's own HTTP handler. */
async function sendSigned(credentials: typeof LONG_TERM, variation: Variation = {}): Promise<SigV4Request> {
  const { body = changePasswordForm('new password'), path = '/', query = {}, headers = {} } = variation;
  const { region = 'us-east-1', service = 'iam', applyChecksum = true } = variation;
  const signer = new SignatureV4({ credentials, region, service, applyChecksum, sha256: Sha256Node });
  const signed = await signer.sign(
    new HttpRequest({
      method: 'POST',
      hostname: 'iam.amazonaws.com',
      path,
      query,
      headers: {
        host: 'iam.amazonaws.com',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        ...headers,
      },
      body,
    }),
    { signingDate: SIGNED_AT },
  );
  return captureRequest(async (port) => {
    const handler = new NodeHttpHandler();
    await handler.handle(new HttpRequest({ ...signed, protocol: 'http:', hostname: '127.0.0.1', port }));
    handler.destroy();
  });
}

async function sendChangePassword(credentials: typeof LONG_TERM, password: string): Promise<SigV4Request> {
  return captureRequest(async (port) => {
    const client = new IAMClient({
      region: 'us-east-1',
      endpoint: `http://127.0.0.1:${port}`,
      credentials,
      maxAttempts: 1,
      systemClockOffset: SIGNED_AT.getTime() - Date.now(),
    });
    await client.send(new ChangePasswordCommand({ OldPassword: 'old', NewPassword: password }));
    client.destroy();
  });
}
