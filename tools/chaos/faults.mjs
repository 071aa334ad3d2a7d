/** Faults after which nobody but AWS knows whether the password was changed. The number is a weight. */
const UNKNOWN = [
  [3, { kind: 'commit-then-reset' }],
  [2, { kind: 'commit-then-hang' }],
  [3, { kind: 'reset' }],
  [1, { kind: 'hang' }],
  [2, { kind: 'status', status: 500 }],
  [2, { kind: 'status', status: 500, commit: true }],
  [2, { kind: 'status', status: 503 }],
  [1, { kind: 'status', status: 503, commit: true }],
  [2, { kind: 'truncated' }],
  [2, { kind: 'truncated', framing: 'intact' }],
  [1, { kind: 'slow-drip' }],
  [1, { kind: 'html', commit: true }],
  [1, { kind: 'html' }],
  [1, { kind: 'redirect', location: 'http://127.0.0.1:1/', commit: true }],
  [1, { kind: 'large', bytes: 2_000_000 }],
];

/** Faults that leave no doubt. */
const CERTAIN = [
  [4, { kind: 'delay', ms: 300 }],
  [4, { kind: 'error', code: 'Throttling', status: 400 }],
];

const ALL = [...UNKNOWN, ...CERTAIN].flatMap(([weight, fault]) =>
  Array.from({ length: weight }, () => fault),
);

/** A fault for a call of a service. */
export function randomFault(random, service) {
  const fault = random.pick(ALL);
  const isCognitoThrottle = fault.kind === 'error' && service === 'cognito-idp';
  return isCognitoThrottle ? { kind: 'error', code: 'TooManyRequestsException' } : fault;
}

/** Whether a call's record shows a fault that excuses an answer of `unknown`. */
export function excuses({ fault }) {
  return fault !== undefined && CERTAIN.every(([, { kind }]) => kind !== fault);
}
