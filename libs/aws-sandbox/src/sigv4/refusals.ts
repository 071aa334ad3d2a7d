import type { SigV4Refusal } from './types.js';

// Codes and statuses: IAM API Reference, "Common Error Types". Texts: "Signature Version 4 troubleshooting" in the
// IAM User Guide, and answers of AWS services quoted in public bug reports.

/** No SigV4 credential in the request at all. */
export function missingAuthenticationToken(): SigV4Refusal {
  return refusal(403, 'MissingAuthenticationToken', 'Request is missing Authentication Token');
}

/** A SigV4 credential that cannot be read. */
export function incompleteSignature(message: string): SigV4Refusal {
  return refusal(400, 'IncompleteSignature', message);
}

/** Unknown access key, or a session token that does not belong to it. */
export function invalidClientTokenId(): SigV4Refusal {
  return refusal(403, 'InvalidClientTokenId', 'The security token included in the request is invalid');
}

/** Temporary credentials past their end. */
export function expiredToken(): SigV4Refusal {
  return refusal(403, 'ExpiredToken', 'The security token included in the request is expired');
}

/** A readable credential that does not fit the request; without a text, the signature itself is wrong. */
export function signatureDoesNotMatch(
  message = 'The request signature we calculated does not match the signature you provided. Check your AWS Secret ' +
    'Access Key and signing method. Consult the service documentation for details.',
): SigV4Refusal {
  return refusal(403, 'SignatureDoesNotMatch', message);
}

function refusal(status: number, code: string, message: string): SigV4Refusal {
  return { ok: false, status, code, message };
}
