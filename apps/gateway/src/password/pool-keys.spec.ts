import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { KidNotFoundInJwksError } from 'aws-jwt-verify/error';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { GatewayConfig } from '../config/config.js';
import { AccessTokenVerifier } from './access-token-verifier.js';
import { PoolKeys, UnknownTokenKey } from './pool-keys.js';

const [GOOD_POOL, OTHER_POOL] = ['us-east-1_Good', 'us-east-1_Other'];
const { publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const GOOD = JSON.stringify({
  keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'known', alg: 'RS256', use: 'sig' }],
});

let server: Server;
let endpoint: string;
/** What the pools answer, by id; nothing is a 500. */
let documents: Record<string, string | undefined>;
let fetched: string[];

beforeEach(async () => {
  documents = { [GOOD_POOL]: GOOD, [OTHER_POOL]: GOOD };
  fetched = [];
  server = createServer(({ url = '' }, response) => {
    const pool = url.split('/')[1] ?? '';
    fetched.push(pool);
    response.writeHead(documents[pool] === undefined ? 500 : 200).end(documents[pool]);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterEach(() => {
  jest.restoreAllMocks();
  server.close();
  server.closeAllConnections();
});

function keyOf(keys: PoolKeys, kid: string): Promise<unknown> {
  const uri = `https://cognito-idp.us-east-1.amazonaws.com/${GOOD_POOL}/.well-known/jwks.json`;
  return keys.getJwk(uri, { header: { kid, alg: 'RS256' }, payload: {} });
}

describe('the keys of a pool', () => {
  it.each([
    ['no keys at all', '{}'],
    ['a key that cannot be used', '{"keys":[{"kid":5}]}'],
    ['no JSON', '<html>'],
  ])('%s: unavailable, and one fetch in ten seconds', async (_what, document) => {
    documents[GOOD_POOL] = document;
    const keys = new PoolKeys(endpoint);
    for (let token = 0; token < 3; token++)
      await expect(keyOf(keys, 'known')).rejects.toMatchObject({ code: 'upstream_unavailable' });
    expect(fetched).toEqual([GOOD_POOL]);
  });

  it('a key id that a fetch was made for is unknown; any other may be new', async () => {
    const keys = new PoolKeys(endpoint);
    const invented = keyOf(keys, 'invented');
    await expect(invented).rejects.toBeInstanceOf(KidNotFoundInJwksError);
    await expect(keyOf(keys, 'new')).rejects.toBeInstanceOf(UnknownTokenKey);
    await expect(keyOf(keys, 'new')).rejects.toMatchObject({
      code: 'upstream_unavailable',
      outcome: 'unchanged',
      retryAfterSeconds: 10,
    });
    await expect(keyOf(keys, 'invented')).rejects.not.toBeInstanceOf(UnknownTokenKey);
    await expect(keyOf(keys, 'known')).resolves.toMatchObject({ kid: 'known' });
    expect(fetched).toEqual([GOOD_POOL]);
  });
});

describe('readiness', () => {
  it('waits for every configured pool, and fetches again only what is missing', async () => {
    documents[OTHER_POOL] = undefined;
    const verifier = new AccessTokenVerifier(
      new GatewayConfig({
        COGNITO_USER_POOL_IDS: `${GOOD_POOL},${OTHER_POOL}`,
        AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: endpoint,
      }),
    );
    expect(await verifier.ready()).toBe(false);
    expect(await verifier.ready()).toBe(false);
    expect(fetched.sort()).toEqual([GOOD_POOL, OTHER_POOL]);
    documents[OTHER_POOL] = GOOD;
    const later = Date.now() + 11_000;
    jest.spyOn(Date, 'now').mockReturnValue(later);
    expect(await verifier.ready()).toBe(true);
    expect(await verifier.ready()).toBe(true);
    expect(fetched.sort()).toEqual([GOOD_POOL, OTHER_POOL, OTHER_POOL]);
  });
});
