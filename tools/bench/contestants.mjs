import { POOL_ID } from './requests.mjs';

const UPSTREAM = (url) => ({ COGNITO_URL: url, IAM_URL: url, POOL_ID });

/** Limits are on, and wide, so that they count and do not refuse. */
const WIDE = '1000000/900';

const GATEWAY = {
  script: 'apps/gateway/artefact/dist/server/main.js',
  settings: (url) => ({
    COGNITO_USER_POOL_IDS: POOL_ID,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: url,
    AWS_ENDPOINT_URL_IAM: url,
    RATE_LIMIT_ADDRESS: WIDE,
    RATE_LIMIT_IDENTITY: WIDE,
  }),
};

/** Who runs: the script, its settings by the address of the upstream, how far its Redis is, and its loads. */
export const CONTESTANTS = {
  gateway: {
    title: '(a) the gateway',
    ...GATEWAY,
    runs: ['cognito', 'iam', 'no credential', 'malformed credential', 'bad body'],
  },
  'gateway-redis': { title: '(a) with Redis', ...GATEWAY, redisMs: 0, runs: ['cognito', 'iam'] },
  'gateway-redis-far': {
    title: '(a) with Redis, 5 ms away',
    ...GATEWAY,
    redisMs: 5,
    runs: ['cognito', 'iam'],
  },
  express: {
    title: '(b) Express, default SDK client',
    script: 'tools/bench/contestants/express-cognito.mjs',
    settings: UPSTREAM,
    runs: ['cognito'],
  },
  nest: {
    title: '(c) Nest on Express, default SDK client',
    script: 'tools/bench/contestants/nest-express.mjs',
    settings: UPSTREAM,
    runs: ['cognito'],
  },
  relay: {
    title: '(d) Fastify and undici, no verification',
    script: 'tools/bench/contestants/relay.mjs',
    settings: UPSTREAM,
    runs: ['cognito', 'iam'],
  },
  verifying: {
    title: '(e) the same, verifying each token',
    script: 'tools/bench/contestants/relay.mjs',
    settings: (url) => ({ ...UPSTREAM(url), VERIFY: 'true' }),
    runs: ['cognito'],
  },
  'express-iam': {
    title: 'Express, default IAM client, keys held',
    script: 'tools/bench/contestants/express-iam.mjs',
    settings: UPSTREAM,
    runs: ['iam'],
  },
};
