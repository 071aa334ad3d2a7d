import { env } from 'node:process';
import { describe, expect, it } from '@jest/globals';
import { type BotocoreCase, signWithBotocore } from '../../test/botocore/cases.js';
import { TAMPERINGS, withHeader } from '../../test/tampering.js';
import { parseBasicDate } from './date.js';
import { headerValues } from './headers.js';
import type { SigV4Request, SigV4Result } from './types.js';
import { verifySigV4 } from './verify.js';

const signed = signWithBotocore();

if (signed) {
  const posts = signed.cases.filter(({ request }) => request.method === 'POST' && request.target === '/');
  const [lowLevel, highLevel] = ['SigV4Auth, session token', 'iam.change_password, session token'].map(
    (wanted) => posts.find(({ name }) => name === wanted)!,
  );

  describe(`botocore ${signed.version}`, () => {
    it.each(signed.cases)('is accepted: $name', (signedCase) => {
      expect(verify(signedCase)).toEqual({ ok: true, accessKeyId: signedCase.accessKeyId });
    });

    it.each(signed.cases)('is refused with another secret: $name', (signedCase) => {
      const secretAccessKey = `${signedCase.secretAccessKey}x`;
      expect(verify({ ...signedCase, secretAccessKey })).toMatchObject({ code: 'SignatureDoesNotMatch' });
    });

    describe.each([lowLevel!, highLevel!])('$name', (signedCase) => {
      it.each(TAMPERINGS)('is refused with $name', ({ change, code, message }) => {
        const result = verify(signedCase, change(signedCase.request));
        expect(result).toMatchObject({ ok: false, code, message: expect.stringMatching(message) });
      });

      it('is refused with another session token', () => {
        const other = withHeader(signedCase.request, 'x-amz-security-token', (token) => `${token}A`);
        expect(verify(signedCase, other)).toMatchObject({ code: 'InvalidClientTokenId' });
      });
    });
  });
} else if (env['CI'] === 'true') {
  it('botocore: python3 with botocore and boto3 must be installed where CI is true', () => {
    throw new Error('No python3 here can import botocore and boto3: botocore was not checked.');
  });
} else {
  it.skip('botocore: NOT CHECKED, no python3 here can import botocore and boto3', () => undefined);
}

function verify(signedCase: BotocoreCase, request: SigV4Request = signedCase.request): SigV4Result {
  const { accessKeyId, secretAccessKey, sessionToken } = signedCase;
  const key = { secretAccessKey, ...(sessionToken === null ? {} : { sessionToken }) };
  return verifySigV4(request, {
    service: 'iam',
    region: 'us-east-1',
    now: parseBasicDate(headerValues(signedCase.request.headers, 'x-amz-date')[0]!)!,
    lookup: (id) => (id === accessKeyId ? key : undefined),
  });
}
