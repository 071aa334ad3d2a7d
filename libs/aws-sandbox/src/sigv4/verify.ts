import { type Authorization, parseAuthorization } from './authorization.js';
import { canonicalRequest } from './canonical-request.js';
import {
  checkClock,
  checkCoverage,
  checkScope,
  checkSessionToken,
  checkSingleHeaders,
  readSigningDate,
} from './checks.js';
import { formatBasicDate } from './date.js';
import { headerValues } from './headers.js';
import { invalidClientTokenId, signatureDoesNotMatch } from './refusals.js';
import { equalInConstantTime, hashOf, signature, stringToSign } from './signature.js';
import type { SigV4Key, SigV4Options, SigV4Refusal, SigV4Request, SigV4Result } from './types.js';

/**
 * Recomputes the signature of a request from its bytes and compares. Written from AWS's documentation alone, so that it
 * can disagree with any signer. Header-signed requests only: no presigned URLs, no SigV4a, no unsigned payload.
 *
 * Source: "AWS Signature Version 4 for API requests", IAM User Guide.
 */
export function verifySigV4(request: SigV4Request, options: SigV4Options): SigV4Result {
  const authorization = parseAuthorization(headerValues(request.headers, 'authorization'));
  if ('ok' in authorization) return authorization;
  const signedAt = readSigningDate(request);
  if (!(signedAt instanceof Date)) return signedAt;

  const refusal =
    checkSingleHeaders(request) ??
    checkClock(signedAt, options.now) ??
    checkCoverage(request, authorization.signedHeaders) ??
    checkScope(authorization.scope, signedAt, options);
  if (refusal) return refusal;

  const { accessKeyId } = authorization;
  const key = options.lookup(accessKeyId);
  if (!key) return invalidClientTokenId();
  return (
    checkSessionToken(request, key, options.now) ??
    checkSignature(request, authorization, signedAt, key) ?? { ok: true, accessKeyId }
  );
}

function checkSignature(
  request: SigV4Request,
  { scope, signedHeaders, signature: received }: Authorization,
  signedAt: Date,
  { secretAccessKey }: SigV4Key,
): SigV4Refusal | undefined {
  const canonicalNames = [...new Set(signedHeaders.map((name) => name.toLowerCase()))].sort();
  const present = signedHeaders.every((name) => headerValues(request.headers, name).length > 0);
  if (!present || canonicalNames.join(';') !== signedHeaders.join(';')) return signatureDoesNotMatch();

  const payloadHash = hashOf(request.body);
  const [declaredHash = payloadHash] = headerValues(request.headers, 'x-amz-content-sha256');
  if (declaredHash !== payloadHash) return signatureDoesNotMatch();

  const canonical = canonicalRequest(request, signedHeaders, payloadHash);
  const expected = signature(
    secretAccessKey,
    scope,
    stringToSign(formatBasicDate(signedAt), scope, canonical),
  );
  return equalInConstantTime(expected, received) ? undefined : signatureDoesNotMatch();
}
