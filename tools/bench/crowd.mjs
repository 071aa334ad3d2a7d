import { freePort } from '../support/free-port.mjs';
import { CONTESTANTS } from './contestants.mjs';
import { Server, startStub } from './server.mjs';
import { wrk } from './wrk.mjs';

const IN_FLIGHT = 2_000;
const UPSTREAM_MS = 1_000;
const WARM_UP_SECONDS = 3;
const SECONDS = 8;

/**
 * So many changes in flight against a slow upstream: through the gateway, and through the bare relay.
 *
 * @returns by contestant changes made, errors, growth of memory in MB, and of the gateway its own event-loop delay in ms
 */
export async function crowd({ loads, jwks, log }) {
  const slow = await startStub({ DELAY_MS: String(UPSTREAM_MS), JWKS: jwks });
  const metrics = `127.0.0.1:${await freePort()}`;
  const start = (name, env) => {
    const { settings, script } = CONTESTANTS[name];
    return Server.start(script, { ...settings(slow.url), ...env }, log);
  };
  const gateway = await start('gateway', { METRICS: metrics });
  // The delay is of the time since it was read last.
  const delayMs = async () => {
    const text = await (await fetch(`http://${metrics}/metrics`)).text();
    return Number(/^nodejs_eventloop_lag_p99_seconds ([\d.e-]+)$/m.exec(text)?.[1]) * 1_000;
  };
  const through = await rush(gateway, loads.cognito, delayMs);
  if (through.requests < IN_FLIGHT * (SECONDS / 2))
    throw new Error(`In the crowd only ${through.requests} changes were made.`);
  const results = { gateway: { ...through, loopDelayP99Ms: await delayMs() } };
  await gateway.end();
  const relay = await start('relay');
  results.relay = await rush(relay, loads.cognito);
  await relay.end();
  return results;
}

async function rush(server, file, beforehand) {
  await wrk(server.url, { file, connections: 32, seconds: WARM_UP_SECONDS });
  const before = server.memory.rss;
  await beforehand?.();
  const result = await wrk(server.url, { file, connections: IN_FLIGHT, seconds: SECONDS });
  const { requests, refused, socket, timeout } = result;
  return {
    requests,
    errors: refused + socket + timeout,
    rssGrowthMb: server.memory.peak - before,
  };
}
