// @ts-check
const BEGIN = 'ledger/begin.js';
const END = 'ledger/end.js';
const RECORD = 'ledger/caller-record.js';
const SHARED = 'ledger/shared-ledger.js';
const CHANGES = 'ledger/change-ledger.js';

/**
 * Faults that the simulator has found, and others that the protocol must not have.
 *
 * @type {{ name: string, edits: import('../gateway.mjs').Edit[] }[]}
 */
export const FURTHER = [
  {
    name: 'each network that is proven may guess up to the limit at once',
    edits: [
      {
        file: BEGIN,
        from: 'isTrusted ? record.trusts(other) : other.network === attempt.network;',
        to: 'other.network === attempt.network;',
      },
    ],
  },
  {
    name: 'answers that cost nothing compare passwords without end',
    edits: [{ file: RECORD, from: 'this.comparisons.size >= limit.points', to: 'false' }],
  },
  {
    name: 'a stranger who knows a key is told how its attempt ended',
    edits: [
      { file: BEGIN, from: '|| !isTrusted;\n    if (kind', to: ';\n    if (kind' },
      { file: BEGIN, from: 'if (onceProven && !isTrusted)', to: 'if (false)' },
    ],
  },
  {
    name: 'an answer about the credential is not doubted',
    edits: [{ file: END, from: '!(proven || attempt.proven)', to: '!proven' }],
  },
  {
    name: 'what runs without Redis is not told to it when it is back',
    edits: [
      {
        file: SHARED,
        from: 'for (const attempt of this.alone.values()) {',
        to: 'for (const attempt of []) {',
      },
    ],
  },
  {
    name: 'a caller is judged before its late ends are written',
    edits: [
      { file: SHARED, from: 'await this.writeLateOf(attempt.caller);\n            decision', to: 'decision' },
      {
        file: SHARED,
        from: 'await this.writeLateOf(attempt.caller);\n                const verdict',
        to: 'const verdict',
      },
    ],
  },
  {
    name: 'a name runs again while it runs',
    edits: [
      {
        file: BEGIN,
        from: 'if (known === undefined)\n            continue;',
        to: "if (known === undefined || known.state === 'running')\n            continue;",
      },
    ],
  },
  {
    name: 'an attempt that never ended is forgotten with its lease',
    edits: [
      {
        file: BEGIN,
        from: 'expiresAt: now + Math.max(REMEMBER_MS, leaseMs)',
        to: 'expiresAt: now + leaseMs',
      },
    ],
  },
  {
    name: 'a change is forgotten once it is told',
    edits: [
      {
        file: END,
        from: "(state === 'changed' ? CHANGED_MS : REMEMBER_MS)",
        to: "(state === 'changed' ? 1 : REMEMBER_MS)",
      },
    ],
  },
  {
    name: 'a replay forgets the doubt',
    edits: [
      {
        file: CHANGES,
        from: 'judged(readAnswer(decision.answer), decision.doubt)',
        to: "judged(readAnswer(decision.answer), '')",
      },
    ],
  },
  {
    name: 'a key stands for its passwords with another new one too',
    edits: [{ file: BEGIN, from: 'known.binding === name.binding', to: 'true' }],
  },
  {
    name: 'guesses are not charged',
    edits: [{ file: END, from: 'if (isGuess && rules.limit)', to: 'if (false)' }],
  },
  {
    name: 'attempts that run take no place of the limit',
    edits: [
      {
        file: BEGIN,
        from: 'if (charged + countRunning(context, isTrusted) >= rules.limit.points) {',
        to: 'if (charged >= rules.limit.points) {',
      },
    ],
  },
  {
    name: 'nothing is ever over',
    edits: [{ file: RECORD, from: 'if (now < this.firstEnd)', to: 'if (true)' }],
  },
];
