// Throws arbitrary bytes, headers and JSON at the one route of a gateway whose upstream is the sandbox.
import { startAwsSandbox } from '@password-gateway/aws-sandbox';
import { randomInt } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { parseArgs } from 'node:util';
import fc from 'fast-check';

import { GatewayProcess } from '../support/gateway-process.mjs';
import { printable } from './answers.mjs';
import { bodiesCases, bodyOf } from './bodies-property.mjs';
import { bytesCases, bytesOf } from './bytes-property.mjs';
import { converse } from './conversation.mjs';
import { checkConversations } from './conversations.mjs';
import { headersCases, headersOf } from './headers-property.mjs';
import { CANARY, judge, judgeCalls, Violation } from './judge.mjs';
import { usableCredentialsOf } from './oracle.mjs';
import { Person } from './people.mjs';
import { UpstreamTap } from './upstream-tap.mjs';

/** Each property: its cases, how a case becomes bytes, and its part of the runs. */
const PROPERTIES = {
  bytes: { cases: bytesCases, toBytes: bytesOf, part: 0.4 },
  headers: { cases: headersCases, toBytes: headersOf, part: 0.3 },
  bodies: { cases: bodiesCases, toBytes: bodyOf, part: 0.3 },
};

/** One whole conversation for so many cases. */
const CASES_OF_A_CONVERSATION = 10;

/** Lanes of one property run side by side; each is a run of fast-check with a seed of its own. */
const LANES = 40;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(randomInt(2 ** 31)) },
    path: { type: 'string' },
    property: { type: 'string' },
    'max-seconds': { type: 'string', default: '600' },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
if (
  !(runs >= 1) ||
  !Number.isInteger(seed) ||
  (values.property && !Object.hasOwn(PROPERTIES, values.property))
) {
  process.stderr.write('Usage: fuzz [--runs N] [--seed S [--property bytes|headers|bodies] [--path P]]\n');
  process.exit(2);
}

const started = performance.now();
const world = await build();
const results = [];
try {
  for (const [name, property] of Object.entries(PROPERTIES)) {
    if (values.property === undefined || values.property === name) results.push(await check(name, property));
  }
  await epilogue();
} finally {
  await world.gateway.end();
  world.tap.close();
  await world.sandbox.close();
}
const isWhole = values.property === undefined;
const broken = isWhole
  ? await checkConversations(Math.max(1, Math.round(runs / CASES_OF_A_CONVERSATION)), seed)
  : [];
for (const what of broken.slice(0, 10))
  process.stderr.write(`BROKEN  conversations, seed ${seed}: ${what}\n`);
// Node may wait for ever for sockets that were reset on their way out.
process.exit(report() && broken.length === 0 ? 0 : 1);

async function build() {
  const sandbox = await startAwsSandbox();
  const tap = await UpstreamTap.start(sandbox.url);
  const pool = sandbox.cognito.createUserPool({ attemptLimit: false });
  const output = { leaks: 0, tail: '' };
  const gateway = await GatewayProcess.start(
    {
      COGNITO_USER_POOL_IDS: pool.id,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: tap.url,
      AWS_ENDPOINT_URL_IAM: tap.url,
      RATE_LIMIT_ADDRESS: 'off',
      RATE_LIMIT_IDENTITY: 'off',
    },
    (chunk) => {
      const text = output.tail + chunk;
      if (text.includes(CANARY)) output.leaks += 1;
      output.tail = text.slice(-CANARY.length + 1);
    },
  );
  await fetch(`${gateway.url}/health/ready`);
  const signingKey = sandbox.cognito.signingKey(pool.id);
  return {
    sandbox,
    tap,
    gateway,
    output,
    port: Number(new URL(gateway.url).port),
    poolId: pool.id,
    pool: { issuer: pool.issuer, publicKey: signingKey.publicKey },
    signingKey,
    counts: new Map(),
  };
}

async function check(name, { cases, toBytes, part }) {
  const wanted = values.property === undefined ? Math.ceil(runs * part) : runs;
  // A replay is one lane: the one whose seed was printed.
  const lanes = values.path === undefined ? Math.min(LANES, wanted) : 1;
  const checks = Array.from({ length: lanes }, async (_, lane) => {
    const person = new Person(world.sandbox, world.poolId, `${name}-${lane}`);
    const property = fc.asyncProperty(cases, async (content) => {
      await examine(name, await toBytes(content, person, world), person);
    });
    return fc.check(property, {
      seed: seed + lane,
      numRuns: Math.floor(wanted / lanes) + (lane < wanted % lanes ? 1 : 0),
      ...(values.path !== undefined && { path: values.path }),
      interruptAfterTimeLimit: Number(values['max-seconds']) * 1000,
      markInterruptAsFailure: true,
    });
  });
  return { name, details: await Promise.all(checks) };
}

/** Sends one case and judges everything about it. */
async function examine(name, { bytes, whole = false, patient = false, fields }, person) {
  const allowed = usableCredentialsOf(bytes, world.pool);
  for (const credential of allowed) world.tap.allow(credential);
  const { answers, rest, closed, hung, ms } = await converse(world.port, bytes, {
    whole,
    patient,
    mayCall: allowed.length > 0,
  });
  const answered = answers.filter(({ status }) => status >= 200);
  // What was cut short, or stood behind the first request, may still call; its allowance stays.
  const calls = allowed.flatMap((credential) => world.tap.calls(credential, whole && answered.length > 0));
  try {
    const stray = world.tap.takeViolation(bytes.toString('latin1'));
    if (stray !== undefined) throw new Violation(`an upstream call that may not be: ${stray}`);
    if (hung) throw new Violation(`neither an answer nor an end within ${Math.round(ms)} ms`);
    if (closed && rest.length > 0) throw new Violation(`an answer is not whole: ${printable(rest)}`);
    const secrets = [...person.secrets, ...allowed];
    for (const answer of answers) {
      const code = judge(answer, secrets);
      count(name, code);
      if (code !== 'changed') continue;
      person.reset();
      if (calls.length === 0 && !answer.headers.has('idempotency-replayed'))
        throw new Violation('it says "changed", and AWS was not called');
    }
    if (answered.length === 0) count(name, 'closed without an answer');
    if (fields !== undefined) judgeCalls(calls, fields);
  } catch (error) {
    if (!(error instanceof Violation)) throw error;
    throw new Violation(`${error.message}\n  sent: ${printable(bytes)}`);
  }
}

function count(name, code) {
  const row = world.counts.get(code) ?? { bytes: 0, headers: 0, bodies: 0 };
  row[name] += 1;
  world.counts.set(code, row);
}

/** After all of that the gateway still serves. */
async function epilogue() {
  const person = new Person(world.sandbox, world.poolId, 'epilogue');
  const failures = [];
  for (const path of ['/health/live', '/health/ready']) {
    const { status } = await fetch(world.gateway.url + path).catch(() => ({ status: 0 }));
    if (status !== 200) failures.push(`${path} answers ${status} at the end`);
  }
  const body = JSON.stringify(person.passwords);
  world.tap.allow(person.token);
  const { status } = await fetch(`${world.gateway.url}/password/change`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${person.token}` },
    body,
  }).catch(() => ({ status: 0 }));
  if (status !== 200) failures.push(`an ordinary change is answered ${status} at the end`);
  if (!world.gateway.alive) failures.push('the gateway has died');
  if (world.output.leaks > 0) failures.push('a password is in the output of the gateway');
  const stray = world.tap.takeViolation();
  if (stray !== undefined) failures.push(`an upstream call of an unknown case that may not be: ${stray}`);
  world.failures = failures;
}

function report() {
  const byName = [...world.counts].sort(([one], [other]) => one.localeCompare(other));
  console.table(Object.fromEntries(byName));
  const cases = results.flatMap(({ details }) => details).reduce((sum, { numRuns }) => sum + numRuns, 0);
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  console.log(`${cases} cases, ${world.tap.count} upstream calls, ${seconds} s, seed ${seed}`);
  const failed = results.flatMap(({ name, details }) =>
    details.filter(({ failed: bad }) => bad).map((detail) => ({ name, detail })),
  );
  for (const { name, detail } of failed.slice(0, 3)) tellFailure(name, detail);
  for (const failure of world.failures) process.stderr.write(`FAILED: ${failure}\n`);
  if (failed.length + world.failures.length > 0) return false;
  console.log('No case was answered wrongly, hung, leaked, or reached AWS without a well-formed credential.');
  return true;
}

function tellFailure(name, detail) {
  const reason =
    detail.errorInstance?.message ?? (detail.interrupted ? 'interrupted: out of time' : 'unknown');
  process.stderr.write(`FAILED: ${name}: ${reason}\n`);
  if (detail.counterexample === null) return;
  process.stderr.write(`  counterexample: ${fc.stringify(detail.counterexample[0])}\n`);
  const replay = `--property ${name} --seed ${detail.seed} --path "${detail.counterexamplePath}"`;
  process.stderr.write(`  replay: node tools/fuzz/fuzz.mjs ${replay}\n`);
}
