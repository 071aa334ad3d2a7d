import { freePort } from '../support/free-port.mjs';
import { CONTESTANTS } from './contestants.mjs';
import { Server, startStub } from './server.mjs';
import { wrk } from './wrk.mjs';

const IN_FLIGHT = 2_000;
const UPSTREAM_MS = 1_000;
const WARM_UP_SECONDS = 3;
const SECONDS = 8;

/**
 * So many changes in flight against a slow upstream.
 *
 * @returns errors, growth of memory in MB, and the gateway's own event-loop delay in milliseconds
 */
export async function crowd({ loads, jwks, log }) {
  const slow = await startStub({ DELAY_MS: String(UPSTREAM_MS), JWKS: jwks });
  const metrics = `127.0.0.1:${await freePort()}`;
  const { settings, script } = CONTESTANTS.gateway;
  const server = await Server.start(script, { ...settings(slow.url), METRICS: metrics }, log);
  const load = { file: loads.cognito, connections: 32 };
  await wrk(server.url, { ...load, seconds: WARM_UP_SECONDS });
  const before = server.memory.rss;
  // The delay is of the time since it was read last.
  await fetch(`http://${metrics}/metrics`);
  const result = await wrk(server.url, { ...load, connections: IN_FLIGHT, seconds: SECONDS });
  const text = await (await fetch(`http://${metrics}/metrics`)).text();
  const growth = server.memory.peak - before;
  await server.end();
  const delay = /^nodejs_eventloop_lag_p99_seconds ([\d.e-]+)$/m.exec(text)?.[1];
  const { requests, refused, socket, timeout } = result;
  if (requests < IN_FLIGHT * (SECONDS / 2))
    throw new Error(`In the crowd only ${requests} changes were made.`);
  return {
    inFlight: IN_FLIGHT,
    requests,
    errors: refused + socket + timeout,
    rssGrowthMb: growth,
    loopDelayP99Ms: Number(delay) * 1_000,
  };
}
