import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import {
  STS_TOKEN,
  SUITE,
  SUITE_CASES,
  type SuiteCase,
  TOKEN_AFTER_SIGNING,
} from '../../test/sigv4-test-suite.js';
import { canonicalRequest } from './canonical-request.js';
import { parseBasicDate } from './date.js';
import { headerValues } from './headers.js';
import { hashOf, signature, stringToSign } from './signature.js';
import type { SigV4Key, SigV4Options, SigV4Request } from './types.js';
import { verifySigV4 } from './verify.js';

const SCOPE = {
  date: SUITE.timestamp.slice(0, 8),
  region: SUITE.region,
  service: SUITE.service,
  terminator: 'aws4_request',
};

describe("AWS's published SigV4 test suite", () => {
  describe.each(SUITE_CASES)('$name', (suiteCase) => {
    const request = requestOf(suiteCase);
    const canonical = canonicalRequest(request, suiteCase.signedHeaders.split(';'), hashOf(request.body));
    const text = stringToSign(SUITE.timestamp, SCOPE, canonical);

    it('gives the published canonical request', () => {
      expect(createHash('sha256').update(canonical, 'latin1').digest('hex')).toBe(
        suiteCase.canonicalRequestHash,
      );
    });

    it('gives the published string to sign', () => {
      expect(text).toBe(
        `AWS4-HMAC-SHA256\n20150830T123600Z\n20150830/us-east-1/service/aws4_request\n${suiteCase.canonicalRequestHash}`,
      );
    });

    it('gives the published signature', () => {
      expect(signature(SUITE.secretAccessKey, SCOPE, text)).toBe(suiteCase.signature);
    });

    it('is accepted', () => {
      const [sessionToken] = headerValues(request.headers, 'x-amz-security-token');
      expect(verifySigV4(request, optionsFor(sessionToken))).toEqual({
        ok: true,
        accessKeyId: SUITE.accessKeyId,
      });
    });

    it('is refused with any other signature', () => {
      const [sessionToken] = headerValues(request.headers, 'x-amz-security-token');
      const forged = requestOf({ ...suiteCase, signature: suiteCase.signature.replace(/.$/, 'x') });
      expect(verifySigV4(forged, optionsFor(sessionToken))).toMatchObject({ code: 'SignatureDoesNotMatch' });
    });
  });

  it(`${TOKEN_AFTER_SIGNING.name}: has the published signature, and is refused for the unsigned token`, () => {
    const request = requestOf({ ...TOKEN_AFTER_SIGNING, headers: [['X-Amz-Security-Token', STS_TOKEN]] });
    const canonical = canonicalRequest(request, ['host', 'x-amz-date'], hashOf(request.body));
    expect(signature(SUITE.secretAccessKey, SCOPE, stringToSign(SUITE.timestamp, SCOPE, canonical))).toBe(
      TOKEN_AFTER_SIGNING.signature,
    );
    expect(verifySigV4(request, optionsFor(STS_TOKEN))).toMatchObject({
      code: 'SignatureDoesNotMatch',
      message: "'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.",
    });
  });
});

function requestOf({ method, target, headers = [], body = '', ...expected }: SuiteCase): SigV4Request {
  const { accessKeyId, host, timestamp } = SUITE;
  const scope = Object.values(SCOPE).join('/');
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, ` +
    `SignedHeaders=${expected.signedHeaders}, Signature=${expected.signature}`;
  return {
    method,
    target: Buffer.from(target, 'utf8').toString('latin1'),
    headers: [['Host', host], ...headers, ['Authorization', authorization], ['X-Amz-Date', timestamp]],
    body: Buffer.from(body),
  };
}

function optionsFor(sessionToken: string | undefined): SigV4Options {
  const key: SigV4Key = {
    secretAccessKey: SUITE.secretAccessKey,
    ...(sessionToken === undefined ? {} : { sessionToken }),
  };
  return {
    service: SUITE.service,
    region: SUITE.region,
    now: parseBasicDate(SUITE.timestamp)!,
    lookup: (accessKeyId) => (accessKeyId === SUITE.accessKeyId ? key : undefined),
  };
}
