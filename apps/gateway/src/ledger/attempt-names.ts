import type { PreparedChange } from '../password/provider-adapter.js';
import type { KeyedHash } from '../fingerprint/keyed-hash.js';
import type { IdempotencyKey } from './idempotency-key.js';
import { type AttemptName, REMEMBER_MS } from './ledger.js';

/**
 * What makes a repetition of a change recognisable, as keyed hashes: the signature of an IAM request, and the key or the
 * invocation id that came with it.
 *
 * A key of a proven caller stands for the change: another token, the same passwords is the same request. For IAM, where only
 * AWS can prove the caller, it stands for the very signed request, so that nobody can use a key to compare passwords; and
 * until AWS has proven the caller it is a key of this network alone, so that nobody elsewhere can take it.
 */
export function attemptNames(
  hash: KeyedHash,
  { provider, caller, signed }: Pick<PreparedChange, 'provider' | 'caller' | 'signed'>,
  change: string,
  key: IdempotencyKey | undefined,
  network: string,
): AttemptName[] {
  const names: AttemptName[] = [];
  let binding = change;
  if (signed) {
    binding = hash.of('signature', provider, signed.request);
    const keepMs = Math.max(0, signed.rememberUntil - Date.now());
    names.push({ kind: 'signature', name: binding, binding, keepMs, onceProven: false });
  }
  if (key) {
    const kind = key.promised ? 'key' : 'invocation';
    const named = { kind, binding, keepMs: REMEMBER_MS } as const;
    const nameOf = (...where: string[]): string => hash.of(kind, provider, caller, key.value, ...where);
    if (signed) names.push({ ...named, name: nameOf(network), onceProven: false });
    names.push({ ...named, name: nameOf(), onceProven: signed !== undefined });
  }
  return names;
}
