import { createHmac, generateKeyPairSync, randomUUID } from 'node:crypto';

import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { signJwt, type SigningKey } from '@password-gateway/aws-sandbox';
import type { ProblemCode } from '@password-gateway/errors';

import { connectionsDuring } from './support/egress.js';
import { expectChanged, expectProblem } from './support/expect-problem.js';
import { change } from './support/http.js';
import { startStack, type Stack } from './support/stack.js';
import { startTrap, type Trap } from './support/trap.js';
import { bearer, cognitoUser } from './support/users.js';

let stack: Stack;
let trap: Trap;
const attacker: SigningKey = {
  kid: 'attacker',
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
};

beforeAll(async () => {
  const { kid, publicKey } = attacker;
  const jwk = { ...publicKey.export({ format: 'jwk' }), kid, alg: 'RS256', use: 'sig' };
  trap = await startTrap(JSON.stringify({ keys: [jwk] }));
  stack = await startStack();
});

afterEach(() => {
  stack.sandbox.reset();
});

afterAll(async () => {
  await stack.close();
  await trap.close();
});

/** The claims of a good token of a new user, to spoil. */
function goodClaims(on: Stack = stack): Record<string, unknown> {
  const [, payload = ''] = cognitoUser(on).accessToken.split('.');
  return JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>;
}

/** A token signed with the pool's own key. */
function forged(claims: object, header: object = {}, on: Stack = stack): string {
  const key = on.sandbox.cognito.signingKey(on.pool.id);
  return signJwt(key, { kid: key.kid, alg: 'RS256', ...header }, claims);
}

function unsigned(header: object, claims: object): string {
  return [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
}

const AUTHORITY = 'cognito-idp.us-east-1.amazonaws.com';

/** Tokens that are refused before anything goes upstream, and no keys are fetched for them. */
const REFUSED: readonly {
  readonly name: string;
  readonly code: ProblemCode;
  readonly token: () => string;
}[] = [
  {
    name: 'alg none, without a signature',
    code: 'credential_malformed',
    token: () => `${unsigned({ alg: 'none' }, goodClaims())}.`,
  },
  {
    name: 'alg none, with the key id of the pool',
    code: 'credential_invalid',
    token: () => {
      const { kid } = stack.sandbox.cognito.signingKey(stack.pool.id);
      return `${unsigned({ alg: 'none', kid }, goodClaims())}.AAAA`;
    },
  },
  {
    name: 'HS256 with the public key for a secret',
    code: 'credential_invalid',
    token: () => {
      const { kid, publicKey } = stack.sandbox.cognito.signingKey(stack.pool.id);
      const input = unsigned({ alg: 'HS256', kid }, goodClaims());
      const secret = publicKey.export({ type: 'spki', format: 'pem' });
      return `${input}.${createHmac('sha256', secret).update(input).digest('base64url')}`;
    },
  },
  {
    name: 'RS512 by the right key',
    code: 'credential_invalid',
    token: () => forged(goodClaims(), { alg: 'RS512' }),
  },
  {
    name: "another key under the pool's key id",
    code: 'credential_invalid',
    token: () => {
      const { kid } = stack.sandbox.cognito.signingKey(stack.pool.id);
      return signJwt(attacker, { kid, alg: 'RS256' }, goodClaims());
    },
  },
  {
    name: 'jku and x5u to a server of the attacker, with its key',
    code: 'credential_invalid',
    token: () => {
      const { kid } = stack.sandbox.cognito.signingKey(stack.pool.id);
      const urls = { jku: `${trap.url}/jwks.json`, x5u: `${trap.url}/cert.pem` };
      return signJwt(attacker, { kid, alg: 'RS256', ...urls }, goodClaims());
    },
  },
  {
    name: 'the key itself in the header',
    code: 'credential_invalid',
    token: () => {
      const { kid } = stack.sandbox.cognito.signingKey(stack.pool.id);
      const jwk = attacker.publicKey.export({ format: 'jwk' });
      return signJwt(attacker, { kid, alg: 'RS256', jwk }, goodClaims());
    },
  },
  {
    name: 'claims changed after signing',
    code: 'credential_invalid',
    token: () => {
      const [header = '', payload = '', signature = ''] = forged(goodClaims()).split('.');
      const claims = JSON.parse(Buffer.from(payload, 'base64url').toString()) as object;
      const changed = Buffer.from(JSON.stringify({ ...claims, username: 'root' })).toString('base64url');
      return [header, changed, signature].join('.');
    },
  },
  { name: 'an ID token', code: 'credential_invalid', token: () => cognitoUser(stack).idToken },
  {
    name: 'an ID token with the scope',
    code: 'credential_invalid',
    token: () => forged({ ...goodClaims(), token_use: 'id', aud: stack.pool.clientId }),
  },
  {
    name: 'no token_use',
    code: 'credential_invalid',
    token: () => forged({ ...goodClaims(), token_use: undefined }),
  },
  {
    name: 'a refresh token',
    code: 'credential_malformed',
    token: () => stack.sandbox.cognito.issueTokens(stack.pool.id, cognitoUser(stack).username).refreshToken,
  },
  {
    name: 'another pool',
    code: 'pool_not_allowed',
    token: () => cognitoUser(stack, {}, stack.sandbox.cognito.createUserPool().id).accessToken,
  },
  {
    name: 'no scope',
    code: 'scope_insufficient',
    token: () => forged({ ...goodClaims(), scope: undefined }),
  },
  {
    name: 'other scopes',
    code: 'scope_insufficient',
    token: () => forged({ ...goodClaims(), scope: 'openid email' }),
  },
  {
    name: 'a scope that only begins like the right one',
    code: 'scope_insufficient',
    token: () => forged({ ...goodClaims(), scope: 'aws.cognito.signin.user.administrator' }),
  },
  {
    name: 'no exp',
    code: 'credential_expired',
    token: () => forged({ ...goodClaims(), exp: undefined }),
  },
  {
    name: 'expired',
    code: 'credential_expired',
    token: () => forged({ ...goodClaims(), exp: 1_000_000_000 }),
  },
  ...[
    'http://169.254.169.254/latest/meta-data',
    'https://169.254.169.254/us-east-1_AbCdEf123',
    `https://${AUTHORITY}@169.254.169.254/us-east-1_AbCdEf123`,
    `https://${AUTHORITY}.attacker.test/us-east-1_AbCdEf123`,
    `https://attacker.test/https://${AUTHORITY}/us-east-1_AbCdEf123`,
    `http://${AUTHORITY}/us-east-1_AbCdEf123`,
    `https://${AUTHORITY}/us-east-1_AbCdEf123/../../evil`,
    `https://${AUTHORITY}/us-east-1_AbCdEf123\n`,
    `https://cognito-idp.169.254.169.254/us-east-1_AbCdEf123`,
    `file:///etc/passwd`,
  ].map((iss) => ({
    name: `iss ${JSON.stringify(iss)}`,
    code: 'credential_invalid' as const,
    token: () => forged({ ...goodClaims(), iss }),
  })),
  {
    name: 'no iss',
    code: 'credential_invalid',
    token: () => forged({ ...goodClaims(), iss: undefined }),
  },
  ...[5, ['https://169.254.169.254'], { toString: 'x' }].map((iss) => ({
    name: `iss ${JSON.stringify(iss)}, no string`,
    code: 'credential_malformed' as const,
    token: () => forged({ ...goodClaims(), iss }),
  })),
];

describe('refused with no call upstream and no egress', () => {
  it.each(REFUSED)('$name -> $code', async ({ code, token }) => {
    const accessToken = token();
    const hosts = await connectionsDuring(async () => {
      expectProblem(await change(stack, bearer(accessToken)), code, { provider: 'cognito' });
    });
    expect(hosts.filter((host) => host !== new URL(stack.url).host)).toEqual([]);
    expect(stack.sandbox.callCount).toBe(0);
    expect(stack.sandbox.jwksFetches).toBe(0);
    expect(trap.hits()).toBe(0);
  });
});

it('a good token with a jku in its header works, and nobody follows the jku', async () => {
  const token = forged(goodClaims(), { jku: `${trap.url}/jwks.json` });
  expectChanged(await change(stack, bearer(token)), 'cognito');
  expect(trap.hits()).toBe(0);
  expect(stack.sandbox.jwksFetches).toBe(0);
});

describe('token keys (JWKS)', () => {
  it('are fetched once at start, and not again for known keys', async () => {
    const own = await startStack();
    try {
      for (let index = 0; index < 5; index++)
        expectChanged(await change(own, cognitoUser(own).auth), 'cognito');
      expect(own.sandbox.jwksFetches).toBe(0);
    } finally {
      await own.close();
    }
  });

  it('a new key is fetched when a token names it', async () => {
    const own = await startStack();
    try {
      own.sandbox.cognito.rotateKey(own.pool.id);
      const hosts = await connectionsDuring(async () => {
        expectChanged(await change(own, cognitoUser(own).auth), 'cognito');
      });
      expect(hosts).toContain(new URL(own.sandbox.url).host);
      expect(own.sandbox.jwksFetches).toBe(1);
    } finally {
      await own.close();
    }
  });

  it('a flood of unknown key ids causes at most one fetch, is refused, and known keys go on working', async () => {
    const own = await startStack();
    try {
      const claims = goodClaims(own);
      const flood = Array.from({ length: 60 }, () =>
        change(own, bearer(signJwt(attacker, { kid: randomUUID(), alg: 'RS256' }, claims))),
      );
      const known = change(own, cognitoUser(own).auth);
      const [first, ...others] = await Promise.all(flood);
      expectProblem(first!, 'credential_invalid');
      // Whether the fetch was made for this key id too is a matter of time.
      for (const answer of others) expect([401, 503]).toContain(answer.status);
      expectChanged(await known, 'cognito');
      expect(own.sandbox.jwksFetches).toBe(1);
      expect(own.sandbox.callCount).toBe(1);
    } finally {
      await own.close();
    }
  });

  it("a stranger's unknown key id does not make a new key's token invalid: 503 until it may be fetched", async () => {
    const own = await startStack();
    try {
      const strange = () =>
        change(own, bearer(signJwt(attacker, { kid: 'unknown', alg: 'RS256' }, goodClaims(own))));
      expectProblem(await strange(), 'credential_invalid');
      own.sandbox.cognito.rotateKey(own.pool.id);
      const answer = await change(own, cognitoUser(own).auth);
      expectProblem(answer, 'upstream_unavailable', { provider: 'cognito' });
      expect(Number(answer.headers.get('retry-after'))).toBe(10);
      expectProblem(await strange(), 'credential_invalid');
      expect(own.sandbox).toMatchObject({ jwksFetches: 1, callCount: 0 });
    } finally {
      await own.close();
    }
  });

  it('fetched and lacking the key -> 401', async () => {
    const own = await startStack();
    try {
      const token = signJwt(attacker, { kid: 'unknown', alg: 'RS256' }, goodClaims(own));
      expectProblem(await change(own, bearer(token)), 'credential_invalid', { provider: 'cognito' });
      expect(own.sandbox).toMatchObject({ jwksFetches: 1, callCount: 0 });
    } finally {
      await own.close();
    }
  });

  it.each([
    [
      'answers 500',
      (own: Stack) => {
        own.sandbox.jwks.fail(true);
      },
    ],
    [
      'answers HTML',
      (own: Stack) => {
        own.sandbox.faults.next({ service: 'jwks', fault: { kind: 'html' }, times: Infinity });
      },
    ],
    [
      'redirects',
      (own: Stack) => {
        own.sandbox.faults.next({
          service: 'jwks',
          fault: { kind: 'redirect', location: trap.url },
          times: Infinity,
        });
      },
    ],
    [
      'sends 10 MB',
      (own: Stack) => {
        own.sandbox.faults.next({
          service: 'jwks',
          fault: { kind: 'large', bytes: 10_000_000 },
          times: Infinity,
        });
      },
    ],
    [
      'resets',
      (own: Stack) => {
        own.sandbox.faults.next({ service: 'jwks', fault: { kind: 'reset' }, times: Infinity });
      },
    ],
  ])(
    'down (%s): a known key works, any other -> 503, and one fetch in ten seconds',
    async (_name, breakKeys) => {
      const own = await startStack();
      try {
        const known = cognitoUser(own);
        breakKeys(own);
        own.sandbox.cognito.rotateKey(own.pool.id);
        const unknown = cognitoUser(own);
        for (let index = 0; index < 3; index++) {
          const answer = await change(own, unknown.auth);
          expectProblem(answer, 'upstream_unavailable', { provider: 'cognito', next: 'wait_and_retry' });
          expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
        }
        expect(own.sandbox).toMatchObject({ jwksFetches: 1, callCount: 0 });
        expect(trap.hits()).toBe(0);
        expectChanged(await change(own, known.auth), 'cognito');
      } finally {
        await own.close();
      }
    },
  );
});

describe('with COGNITO_ALLOW_ANY_POOL', () => {
  let open: Stack;

  beforeAll(async () => {
    open = await startStack({
      environment: {
        COGNITO_USER_POOL_IDS: '',
        COGNITO_ALLOW_ANY_POOL: 'true',
        COGNITO_REGIONS: 'us-east-1',
      },
    });
  });

  afterEach(() => {
    open.sandbox.reset();
  });

  afterAll(() => open.close());

  it('any pool of the regions works, and no keys are fetched', async () => {
    const { id } = open.sandbox.cognito.createUserPool();
    expectChanged(await change(open, cognitoUser(open, {}, id).auth), 'cognito');
    expect(open.sandbox.jwksFetches).toBe(0);
  });

  it.each<readonly [name: string, code: ProblemCode, claims: object, header?: object]>([
    ['alg none', 'credential_invalid', {}, { alg: 'none' }],
    ['HS256', 'credential_invalid', {}, { alg: 'HS256' }],
    [
      'another region',
      'pool_not_allowed',
      { iss: 'https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_AbCdEf123' },
    ],
    [
      'iss naming 169.254.169.254',
      'credential_invalid',
      { iss: 'https://169.254.169.254/us-east-1_AbCdEf123' },
    ],
    [
      "a region that is not the pool's",
      'credential_invalid',
      { iss: `https://${AUTHORITY}/eu-west-1_AbCdEf123` },
    ],
    ['an ID token', 'credential_invalid', { token_use: 'id' }],
    ['no scope', 'scope_insufficient', { scope: undefined }],
    ['expired', 'credential_expired', { exp: 1_000_000_000 }],
    ['no exp', 'credential_expired', { exp: undefined }],
  ])('%s is refused without a call', async (_name, code, claims, header = {}) => {
    const token = forged({ ...goodClaims(open), ...claims }, header, open);
    expectProblem(await change(open, bearer(token)), code, { provider: 'cognito' });
    expect(open.sandbox).toMatchObject({ callCount: 0, jwksFetches: 0 });
  });

  it('a signature that is wrong is for Cognito to refuse', async () => {
    const token = signJwt(attacker, { kid: 'attacker', alg: 'RS256' }, goodClaims(open));
    expectProblem(await change(open, bearer(token)), 'credential_invalid', {
      upstreamError: 'NotAuthorizedException',
    });
    expect(open.sandbox.callCount).toBe(1);
  });
});
