const HANDSHAKE_CODES = new Set<unknown>([
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const CONNECT_CODES = new Set<unknown>(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

const CONNECT_SYSCALLS = new Set<unknown>(['connect', 'getaddrinfo']);

interface ErrorFacts {
  readonly requestSent?: unknown;
  readonly code?: unknown;
  readonly syscall?: unknown;
  readonly cause?: unknown;
  readonly errors?: unknown;
}

/**
 * Whether a transport error proves that no byte of the request left this process: DNS, connection refused or timed
 * out while connecting, certificate refused. Anything that leaves a doubt is `false`.
 *
 * A request handler that knows better says so with a boolean property `requestSent` on the error.
 *
 * @param error - what the request handler threw
 */
export function provesNothingWasSent(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { requestSent, code, syscall, cause, errors } = error as ErrorFacts;
  if (typeof requestSent === 'boolean') return !requestSent;
  if (HANDSHAKE_CODES.has(code) || CONNECT_CODES.has(code) || CONNECT_SYSCALLS.has(syscall)) return true;
  if (Array.isArray(errors) && errors.length > 0) return errors.every(provesNothingWasSent);
  return provesNothingWasSent(cause);
}
