// @ts-check
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';

/** The modules of the gateway that live in a simulation, by what they export. */
const MODULES = [
  'config/config.js',
  'fingerprint/keyed-hash.js',
  'ledger/change-ledger.js',
  'ledger/judged-answer.js',
  'ledger/memory-ledger.js',
  'ledger/redis-ledger.js',
  'ledger/shared-ledger.js',
  'limits/address-limit.js',
  'operations/draining.js',
  'password/attempt.js',
  'password/password.service.js',
  'redis/redis-connection.js',
  'upstream/upstream-shares.js',
];

/**
 * Loads the built gateway.
 *
 * @param {string} folder where the build is
 * @returns {Promise<any>} everything that the modules export
 */
export async function loadGateway(folder) {
  const load = (/** @type {string} */ module) => import(pathToFileURL(join(folder, module)).href);
  const require = createRequire(join(folder, 'main.js'));
  await import(pathToFileURL(require.resolve('reflect-metadata')).href);
  const errors = await import(pathToFileURL(join(folder, '../../../libs/errors/dist/index.js')).href);
  return Object.assign({ ...errors }, ...(await Promise.all(MODULES.map(load))));
}
