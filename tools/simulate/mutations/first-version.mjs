// @ts-check
const BEGIN = 'ledger/begin.js';
const END = 'ledger/end.js';
const RECORD = 'ledger/caller-record.js';
const SHARED = 'ledger/shared-ledger.js';
const SERVICE = 'password/password.service.js';
const CHANGES = 'ledger/change-ledger.js';

/**
 * The faults that were seen in the first version, put back one at a time; the number is the fault's in the design. 13, 15 and
 * 18 need sockets, or more calls than a life has: they are tested end to end.
 *
 * @type {{ name: string, edits: import('../gateway.mjs').Edit[] }[]}
 */
export const FIRST_VERSION = [
  {
    name: '1 another signature under a key is told unchanged, whatever became of the first',
    edits: [
      {
        file: BEGIN,
        from: 'const inDoubt = isAnyNameDoubted(context) || isSameChangeDoubted(context);',
        to: 'const inDoubt = false;',
      },
    ],
  },
  {
    name: '2 overlaps are known of this process alone',
    edits: [
      {
        file: SHARED,
        from: 'const verdict = await this.shared.end(attempt, ending);',
        to: 'const { doubt } = await this.own.end(attempt, ending); const verdict = { ...(await this.shared.end(attempt, { ...ending, told: doubt })), doubt };',
      },
    ],
  },
  {
    name: '2 one change after the other is no overlap, one beside the other is none either',
    edits: [
      {
        file: END,
        from: "other.state !== 'changed' || other.endedAt >= startedAt",
        to: "other.state === 'unknown'",
      },
    ],
  },
  {
    name: '3 unknown is remembered of the whole change only',
    edits: [{ file: END, from: 'others.filter(({ current }) => current === attempt.current)', to: 'same' }],
  },
  {
    name: '4 drained without asking the ledger',
    edits: [
      {
        file: CHANGES,
        from: 'const decision = await this.ledger.begin(noted);',
        to: "const decision = this.draining.active ? { kind: 'refused', code: 'not_admitted', inDoubt: false, retryAfterMs: 0, charged: { points: 0, firstMs: 0, lastMs: 0 } } : await this.ledger.begin(noted);",
      },
    ],
  },
  {
    name: '5 runs are counted, not names',
    edits: [
      {
        file: BEGIN,
        from: 'record.setName(name, {\n            ...{ attempt: id, binding, leaseUntil },',
        to: "record.setName(`${name} ${id}`, { attempt: '', binding, leaseUntil, expiresAt: now + REMEMBER_MS, mismatched: false, answer: '', doubt: '', state: 'unknown' });\n        record.setName(name, {\n            ...{ attempt: id, binding, leaseUntil },",
      },
    ],
  },
  {
    name: '6 invocation ids are not counted',
    edits: [{ file: BEGIN, from: 'hasRoom ? attempt.names : []', to: 'attempt.names' }],
  },
  {
    name: "7 strangers' names take the owner's room",
    edits: [
      {
        file: RECORD,
        from: 'const used = isTrusted ? this.names.size - strange : strange;',
        to: 'const used = this.names.size;',
      },
    ],
  },
  {
    name: '7 what strangers leave is not bounded',
    edits: [{ file: 'ledger/memory-ledger.js', from: 'this.unproven.size > MAX_UNPROVEN', to: 'false' }],
  },
  {
    name: '8 throttling charges the address',
    edits: [
      { file: SERVICE, from: "'not_authorized',\n]);", to: "'not_authorized', 'upstream_throttled',\n]);" },
    ],
  },
  {
    name: '9 fingerprints leave the caller out',
    edits: [
      {
        file: CHANGES,
        from: "this.hash.of('change', provider, caller,",
        to: "this.hash.of('change', provider,",
      },
    ],
  },
  {
    name: '10 a key is an unlimited oracle',
    edits: [
      {
        file: BEGIN,
        from: "record.charge(attempt.id, now + rules.limit.seconds * 1000);\n        return refused(context, 'idempotency_key_reused'",
        to: ";\n        return refused(context, 'idempotency_key_reused'",
      },
    ],
  },
  {
    name: '11 while Redis is away, "incorrect" is believed',
    edits: [{ file: SHARED, from: "doubt === '' && isSuspect(attempt, ending)", to: 'false' }],
  },
  {
    name: '11 a process forgets the signatures that Redis let run',
    edits: [
      { file: SHARED, from: 'this.own.note(attempt);', to: ';' },
      { file: SHARED, from: 'await this.own.end(attempt, { ...ending, told: verdict.doubt });', to: '' },
    ],
  },
  {
    name: '12 late undos fill the queue of late ends',
    edits: [
      {
        file: SHARED,
        from: 'if (isUndo ? this.undos >= MAX_LATE_UNDOS : this.ends >= MAX_LATE_ENDS)',
        to: 'if (this.undos + this.ends >= MAX_LATE_UNDOS)',
      },
    ],
  },
  {
    name: '12 a begin that may have been noted is never undone',
    edits: [
      {
        file: SHARED,
        from: 'if (error.mayHaveApplied)\n                this.lateEnds.add({ attempt, ending: NEVER_RAN });\n            return {',
        to: 'return {',
      },
    ],
  },
  {
    name: '14 the limit is shown to networks that are not proven',
    edits: [
      {
        file: BEGIN,
        from: 'const charged = isTrusted ? record.charges.size : 0;',
        to: 'const charged = record.charges.size;',
      },
    ],
  },
  {
    name: '16 an expired credential is refused before its key is looked up',
    edits: [
      {
        file: CHANGES,
        from: 'const decision = await this.ledger.begin(noted);',
        to: 'if (caller.expired) { attempt.ledgerAsked = true; throw caller.expired; } const decision = await this.ledger.begin(noted);',
      },
    ],
  },
  {
    name: '17 what ran without Redis is no other than what ran with it',
    edits: [{ file: SHARED, from: 'this.alone.set(attempt.id, attempt);', to: ';' }],
  },
];
