import { PasswordChangeError, USER_AGENT } from '@password-gateway/errors';
import { KidNotFoundInJwksError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { isJwks, SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwksCache } from 'aws-jwt-verify/jwk';
import { Agent } from 'undici';

const FETCH_TIMEOUT_MS = 3_000;
const MAX_KEYS_BYTES = 64 * 1024;

/** At most one fetch in this time after one that failed. SimpleJwksCache pauses as long after an unknown key id. */
const PAUSE_MS = 10_000;

/** The key of a token may be new or made up, and it is too early to look again. */
export class UnknownTokenKey extends PasswordChangeError {
  /** @param cause what the cache of keys said */
  constructor(cause: unknown) {
    super('upstream_unavailable', {
      provider: 'cognito',
      detail:
        'The key of this access token is not known, and the keys were fetched a moment ago. Nothing was sent.',
      retryAfterSeconds: PAUSE_MS / 1000,
      cause,
    });
  }
}

/**
 * The token keys (JWKS) of the configured pools. A pool's keys come from one address, whichever of Cognito's two issuer
 * forms a token names, and a failed fetch is not repeated for ten seconds.
 *
 * Source: Amazon Cognito developer guide, "Verifying JSON web tokens".
 */
export class PoolKeys implements JwksCache {
  private readonly cache = new SimpleJwksCache({
    fetcher: { fetch: (uri) => this.fetch(uri) },
  });
  private readonly agent = new Agent();
  private readonly failedAt = new Map<string, number>();
  /** Key ids that the last fetch from an address was asked for and did not bring. */
  private readonly missing = new Map<string, Set<unknown>>();

  /** @param endpoint another Cognito endpoint than AWS's own; empty for AWS's */
  constructor(private readonly endpoint: string) {}

  /**
   * The key of a token.
   *
   * @throws UnknownTokenKey no fetch was made for its key id yet: a stranger may have used up the one in ten seconds
   * @throws PasswordChangeError `upstream_unavailable` the keys cannot be fetched
   */
  async getJwk(...[uri, jwt]: Parameters<JwksCache['getJwk']>): ReturnType<JwksCache['getJwk']> {
    const address = this.address(uri);
    try {
      return await this.cache.getJwk(address, jwt);
    } catch (error) {
      const { kid } = jwt.header;
      if (error instanceof KidNotFoundInJwksError) this.missing.get(address)?.add(kid);
      const untold =
        error instanceof WaitPeriodNotYetEndedJwkError && this.missing.get(address)?.has(kid) !== true;
      throw untold ? new UnknownTokenKey(error) : error;
    }
  }

  /** @inheritdoc */
  getCachedJwk(...[uri, jwt]: Parameters<JwksCache['getCachedJwk']>): ReturnType<JwksCache['getCachedJwk']> {
    return this.cache.getCachedJwk(this.address(uri), jwt);
  }

  /** @inheritdoc */
  getJwks(uri: string): ReturnType<JwksCache['getJwks']> {
    return this.cache.getJwks(this.address(uri));
  }

  /** @inheritdoc */
  addJwks(...[uri, jwks]: Parameters<JwksCache['addJwks']>): void {
    this.cache.addJwks(this.address(uri), jwks);
  }

  /** Fetches the keys of a pool, so that the first token does not wait for them. */
  async fetchPool(poolId: string): Promise<void> {
    await this.cache.getJwks(this.addressOf(poolId));
  }

  /** Closes the connections over which keys were fetched. */
  async close(): Promise<void> {
    await this.agent.destroy();
  }

  /** The address is made of the pool id and nothing else of the issuer. */
  private address(uri: string): string {
    return this.addressOf(uri.split('/')[3] ?? '');
  }

  private addressOf(poolId: string): string {
    const region = poolId.split('_')[0] ?? '';
    const origin = this.endpoint === '' ? `https://cognito-idp.${region}.amazonaws.com` : this.endpoint;
    return `${origin}/${poolId}/.well-known/jwks.json`;
  }

  private async fetch(uri: string): Promise<ArrayBuffer> {
    const pause = (this.failedAt.get(uri) ?? 0) + PAUSE_MS - Date.now();
    if (pause > 0) throw unavailable(CANNOT_FETCH, pause);
    try {
      const { origin, pathname } = new URL(uri);
      const { statusCode, body } = await this.agent.request({
        origin,
        path: pathname,
        method: 'GET',
        headers: { 'user-agent': USER_AGENT },
        signal: AbortSignal.timeout(FETCH_TIMEOUT_MS),
      });
      const bytes = await read(body);
      if (statusCode !== 200 || !holdsKeys(bytes)) throw new Error('no keys');
      this.failedAt.delete(uri);
      this.missing.set(uri, new Set());
      return bytes;
    } catch (cause) {
      this.failedAt.set(uri, Date.now());
      throw unavailable(CANNOT_FETCH, PAUSE_MS, cause);
    }
  }
}

async function read(body: AsyncIterable<Buffer>): Promise<ArrayBuffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of body) {
    length += chunk.length;
    if (length > MAX_KEYS_BYTES) throw new Error('too large for a set of keys');
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks)).buffer;
}

/** Whether the verifier can use it: it would find out too late to fetch no more for a while. */
function holdsKeys(bytes: ArrayBuffer): boolean {
  return isJwks(JSON.parse(new TextDecoder().decode(bytes)) as Parameters<typeof isJwks>[0]);
}

const CANNOT_FETCH = 'The keys to verify access tokens with cannot be fetched, so nothing was sent.';
function unavailable(detail: string, milliseconds: number, cause?: unknown): PasswordChangeError {
  return new PasswordChangeError('upstream_unavailable', {
    provider: 'cognito',
    detail,
    retryAfterSeconds: Math.ceil(milliseconds / 1000),
    cause,
  });
}
