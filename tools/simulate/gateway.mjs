// @ts-check
import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const BUILD = new URL('../../apps/gateway/dist/', import.meta.url);

/** The modules of the gateway that live in a simulation. */
const MODULES = [
  'config/config.js',
  'fingerprint/keyed-hash.js',
  'ledger/change-ledger.js',
  'ledger/judged-answer.js',
  'ledger/ledger.js',
  'ledger/ledger.provider.js',
  'ledger/memory-ledger.js',
  'ledger/remembered-answer.js',
  'limits/address-limit.js',
  'operations/draining.js',
  'password/attempt.js',
  'password/cognito.adapter.js',
  'password/iam.adapter.js',
  'password/password.service.js',
  'redis/redis-connection.js',
  'upstream/upstream-guard.js',
  'upstream/upstream-shares.js',
];

/**
 * Smaller bounds than those of the gateway, so that a life can reach them.
 *
 * @type {Edit[]}
 */
const SMALL_BOUNDS = [
  {
    file: 'ledger/ledger.js',
    from: '{ names: 1_000, outcomes: 256, networks: 256 }',
    to: '{ names: 24, outcomes: 12, networks: 8 }',
  },
  { file: 'ledger/memory-ledger.js', from: 'MAX_UNPROVEN = 100_000', to: 'MAX_UNPROVEN = 30' },
  { file: 'ledger/memory-ledger.js', from: 'FORGOTTEN_AT_ONCE = 1_000', to: 'FORGOTTEN_AT_ONCE = 10' },
  { file: 'ledger/shared-ledger.js', from: 'MAX_LATE_ENDS = 100_000', to: 'MAX_LATE_ENDS = 200' },
  { file: 'ledger/shared-ledger.js', from: 'MAX_LATE_UNDOS = 10_000', to: 'MAX_LATE_UNDOS = 8' },
];

/** Those of one caller, for the simulated Redis. */
export const CALLER_BOUNDS = { names: 24, outcomes: 12, networks: 8 };

/** All of them, for the invariants. */
export const BOUNDS = { ...CALLER_BOUNDS, unproven: 30, lateUndos: 8 };

/** @typedef {{ file: string, from: string, to: string }} Edit */

/** @type {Map<string, Edit[]>} */
const variants = new Map();

registerHooks({
  resolve(specifier, context, next) {
    const resolved = next(specifier, context);
    const variant = variantOf(context.parentURL);
    const isOurs = resolved.url.startsWith(BUILD.href);
    return variant && isOurs ? { ...resolved, url: `${resolved.url}?variant=${variant}` } : resolved;
  },
  load(url, context, next) {
    const variant = variantOf(url);
    if (variant === undefined) return next(url, context);
    const [path] = url.split('?');
    let source = readFileSync(fileURLToPath(path), 'utf8');
    for (const { file, from, to } of variants.get(variant) ?? []) {
      if (path !== new URL(file, BUILD).href) continue;
      if (!source.includes(from)) throw new Error(`${file} does not hold: ${from}`);
      source = source.replace(from, () => to);
    }
    return { format: 'module', source, shortCircuit: true };
  },
});

/**
 * Loads the built gateway with some of its source replaced.
 *
 * @param {string} name of this variant; each has modules of its own
 * @param {Edit[]} edits what is different in it
 * @returns {Promise<any>} everything that its modules export
 */
export async function loadGateway(name, edits = []) {
  variants.set(name, [...SMALL_BOUNDS, ...edits]);
  createRequire(import.meta.url)('reflect-metadata');
  const errors = await import('@password-gateway/errors');
  const load = (/** @type {string} */ file) => import(`${new URL(file, BUILD).href}?variant=${name}`);
  return Object.assign({ ...errors }, ...(await Promise.all(MODULES.map(load))));
}

/** @param {string | undefined} url */
function variantOf(url) {
  return url?.split('?variant=')[1];
}
