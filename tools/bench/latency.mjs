import { median } from './median.mjs';
import { iamChanges } from './requests.mjs';
import { wrk } from './wrk.mjs';

const WARM_UP_SECONDS = 2;
const SECONDS = 2;
/** More than are sent in all. */
const SIGNATURES = 60_000;

/**
 * What the gateway adds to a call at one connection, against calling the upstream directly.
 *
 * @returns median latencies and their difference by provider, in microseconds
 */
export async function added(stub, loads, { start, rounds }) {
  // Those of the races before may be too old to be relayed.
  await iamChanges(loads.iam, SIGNATURES);
  const server = await start('gateway');
  const results = {};
  let first = 0;
  for (const load of ['cognito', 'iam']) {
    const through = [];
    const direct = [];
    const measure = async (url, seconds) => {
      const before = await stub.calls();
      const result = await wrk(url, { file: loads[load], first, connections: 1, seconds });
      const { requests, refused, p50 } = result;
      const called = (await stub.calls()) - before;
      if (refused > 0 || called < requests)
        throw new Error(`${load}: ${JSON.stringify({ ...result, called })} is not what was asked for.`);
      // The gateway would answer a signature that it has seen without a call.
      if (url === server.url) first += requests + 1;
      return p50;
    };
    await measure(server.url, WARM_UP_SECONDS);
    for (let round = 0; round < rounds; round += 1) {
      through.push(await measure(server.url, SECONDS));
      direct.push(await measure(stub.url, SECONDS));
    }
    const [gateway, upstream] = [median(through), median(direct)];
    results[load] = { gateway, upstream, added: gateway - upstream };
    first = 0;
  }
  await server.end();
  return results;
}
