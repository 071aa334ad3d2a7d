import { execFile, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const SCRIPT = fileURLToPath(new URL('wrk.lua', import.meta.url));

/** Whether the load generator is there. */
export const isInstalled = spawnSync('wrk', ['-v']).error === undefined;

/**
 * Sends the requests of a file for some time.
 *
 * @param url of the server
 * @param load file of requests, index of the first one, connections, seconds
 * @returns requests, duration and latencies in microseconds, and errors by kind
 */
export async function wrk(url, { file, first = 0, connections, seconds }) {
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '--timeout', '20s', '-s', SCRIPT];
  const { stdout } = await run('wrk', [...options, url, '--', file, String(first)]);
  return JSON.parse(/^RESULT (.*)$/m.exec(stdout)[1]);
}
