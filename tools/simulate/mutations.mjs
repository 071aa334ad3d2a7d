// @ts-check
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { live } from './life.mjs';
import { loadGateway } from './load-gateway.mjs';
import { plan } from './plan.mjs';

/**
 * The faults of the first version, put back one at a time: what the simulator must find. Each is a change of the built code;
 * the number is the fault's in the design. What needs a socket or another process is tested end to end instead.
 */
const MUTATIONS = [
  {
    name: '1 another signature under a key is told "unchanged" though the first one changed the password',
    file: 'ledger/protocol.js',
    from: "const inDoubt = known.state !== 'unchanged' || isSameChangeDoubted(record, attempt);",
    to: 'const inDoubt = false;',
  },
  {
    name: '2 overlaps are not seen: "incorrect" beside an attempt that runs elsewhere',
    file: 'ledger/protocol.js',
    from: "const isSuspect = (other) => other.state !== 'changed' || other.endedAt >= startedAt;",
    to: "const isSuspect = (other) => other.state === 'unknown';",
  },
  {
    name: '3 an unknown outcome is remembered for the very same change alone',
    file: 'ledger/protocol.js',
    from: 'const suspects = others.filter(({ current }) => current === attempt.current);',
    to: 'const suspects = same;',
  },
  {
    name: '4 while draining, a repeat is refused as unchanged without asking the ledger',
    file: 'ledger/change-ledger.js',
    from: 'const decision = await this.ledger.begin(noted);',
    to: "attempt.ledgerAsked = true; if (this.draining.active) throw new PasswordChangeError('gateway_draining'); const decision = await this.ledger.begin(noted);",
  },
  {
    name: '5 the runs of a key are counted: a caller who tries again as told is refused',
    file: 'ledger/protocol.js',
    from: 'if (isGuess && rules.limit)',
    to: 'if (rules.limit)',
  },
  {
    name: '8 AWS being busy is charged to the address',
    file: 'password/password.service.js',
    from: "'not_authorized',\n]);",
    to: "'not_authorized', 'upstream_throttled', 'upstream_failed',\n]);",
  },
  {
    name: '10 a key is worth any number of guesses',
    file: 'ledger/protocol.js',
    from: 'record.charge(attempt.id, now + rules.limit.seconds * 1000);\n        return refused',
    to: '{}\n        return refused',
  },
  {
    name: '11 while Redis is away, "incorrect" is believed',
    file: 'ledger/shared-ledger.js',
    from: "const suspected = doubt === '' && ending.incorrect ? 'unknown' : doubt;",
    to: 'const suspected = doubt;',
  },
  {
    name: '12 a begin that was refused and may have been noted is never undone, so its key stays taken',
    file: 'ledger/shared-ledger.js',
    from: 'if (error.mayHaveApplied)\n                this.lateEnds.add({ attempt, ending: NEVER_RAN });\n            return {',
    to: 'return {',
  },
  {
    name: '14 a stranger sees by 429 that the owner of an access key id failed',
    file: 'ledger/caller-record.js',
    from: 'return proven || this.networks.has(network);',
    to: 'return true;',
  },
  {
    name: '16 an expired credential is refused before its key is looked up, as unchanged',
    file: 'ledger/change-ledger.js',
    from: 'const decision = await this.ledger.begin(noted);',
    to: 'attempt.ledgerAsked = true; if (caller.expired) throw caller.expired; const decision = await this.ledger.begin(noted);',
  },
  {
    name: 'a name runs again while its attempt runs',
    file: 'ledger/protocol.js',
    from: 'const decision = known.binding === name.binding ? sameRequest(context, known) : otherRequest(context, name, known);',
    to: "if (known.state === 'running') continue; const decision = known.binding === name.binding ? sameRequest(context, known) : otherRequest(context, name, known);",
  },
  {
    name: 'an attempt whose process died is forgotten when its lease is over',
    file: 'ledger/protocol.js',
    from: 'expiresAt: now + Math.max(REMEMBER_MS, leaseMs),',
    to: 'expiresAt: now + leaseMs,',
  },
  {
    name: 'a change that was told is forgotten at once',
    file: 'ledger/protocol.js',
    from: "now + (state === 'changed' ? CHANGED_MS : REMEMBER_MS)",
    to: "now + (state === 'changed' ? 1 : REMEMBER_MS)",
  },
  {
    name: 'a replay tells the doubt of now and not the first answer',
    file: 'ledger/change-ledger.js',
    from: 'judged(readAnswer(decision.answer), decision.doubt)',
    to: "judged(readAnswer(decision.answer), '')",
  },
  {
    name: 'nothing that is over is ever forgotten',
    file: 'ledger/caller-record.js',
    from: 'if (expiresAt <= now)\n                this.attempts.delete(id);',
    to: '',
  },
];

/**
 * Puts each fault back and looks for a life that shows it.
 *
 * @param {string} build the built gateway
 * @param {number} seeds how many lives at most
 * @returns {Promise<boolean>} whether each was found
 */
export async function findMutations(build, seeds) {
  let found = 0;
  for (const [number, mutation] of MUTATIONS.entries()) {
    const result = await find(build, number, mutation, seeds);
    if (result !== undefined) found += 1;
    console.log(`${result === undefined ? 'NOT FOUND' : `seed ${result}`}: ${mutation.name}`);
  }
  console.log(`${found} of ${MUTATIONS.length} mutations found within ${seeds} lives`);
  return found === MUTATIONS.length;
}

/** @param {string} build @param {number} number @param {any} mutation @param {number} seeds */
async function find(build, number, { file, from, to }, seeds) {
  // Beside the build, so that it finds the same packages.
  const folder = join(build, `../dist-mutation-${number}`);
  cpSync(build, folder, { recursive: true });
  try {
    const path = join(folder, file);
    const source = readFileSync(path, 'utf8');
    if (!source.includes(from)) throw new Error(`${file} does not hold: ${from}`);
    writeFileSync(
      path,
      source.replace(from, () => to),
    );
    const code = await loadGateway(`${folder}/`);
    for (let seed = 1; seed <= seeds; seed += 1) {
      const { violations } = await live(code, plan(seed));
      if (violations.length > 0) return `${seed}, ${violations[0]}`;
    }
    return undefined;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
