import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** An RS256 key of a user pool. */
export interface SigningKey {
  /** Key id, shaped like Cognito's: 32 bytes in base64. */
  readonly kid: string;
  /** Signs tokens. */
  readonly privateKey: KeyObject;
  /** Published in the JWKS. */
  readonly publicKey: KeyObject;
}

/** One entry of a JWKS document (RFC 7517), with the members that Cognito sends. */
export interface Jwk {
  readonly alg: 'RS256';
  readonly e: string;
  readonly kid: string;
  readonly kty: 'RSA';
  readonly n: string;
  readonly use: 'sig';
}

/** Makes one RSA key of 2048 bits. */
export function generateSigningKey(): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const kid = createHash('sha256')
    .update(publicKey.export({ type: 'spki', format: 'der' }))
    .digest('base64');
  return { kid, privateKey, publicKey };
}

/** The public half as Cognito publishes it. */
export function toJwk(key: SigningKey): Jwk {
  const { n = '', e = '' } = key.publicKey.export({ format: 'jwk' });
  return { alg: 'RS256', e, kid: key.kid, kty: 'RSA', n, use: 'sig' };
}

// Making a key takes a tenth of a second. Sandboxes of one process therefore share them, the n-th pool of each the
// n-th key, so that two pools of one sandbox still never have the same.
const made: SigningKey[] = [];

/** The keys of one pool, made when first needed. */
export class PoolKeys {
  #keys: SigningKey[] | undefined;

  /** @param ordinal - number of the pool within its sandbox, from 0 */
  constructor(private readonly ordinal: number) {}

  /** The key that signs now. */
  get current(): SigningKey {
    const [newest] = this.all;
    if (!newest) throw new Error('a pool always has a key');
    return newest;
  }

  /** All published keys, the newest first. */
  get all(): readonly SigningKey[] {
    return (this.#keys ??= [(made[this.ordinal] ??= generateSigningKey())]);
  }

  find(kid: string): SigningKey | undefined {
    return this.all.find((key) => key.kid === kid);
  }

  /** Puts a new key in front; the earlier ones stay published unless `keepOld` is false. */
  rotate(keepOld: boolean): SigningKey {
    const key = generateSigningKey();
    this.#keys = [key, ...(keepOld ? this.all : [])];
    return key;
  }
}
