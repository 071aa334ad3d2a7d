import { PROBLEMS } from '@password-gateway/errors';

const STATUSES = new Set([200, ...Object.values(PROBLEMS).map(({ status }) => status)]);
const OUTCOMES = new Set(['unchanged', 'unknown']);

/** What every password of a run begins with; it may stand in no answer and no log line. */
export const CANARY = 'Canary-';

/** Something that must not be; the message says what. */
export class Violation extends Error {
  name = 'Violation';
}

/**
 * Judges one answer.
 *
 * @param answer as read from the wire
 * @param secrets strings that it may not hold
 * @returns what it said: `changed`, a problem code, or the status of an interim answer
 */
export function judge(answer, secrets) {
  const { status, headers, head, body } = answer;
  if (status < 200) return String(status);
  if (!STATUSES.has(status)) throw new Violation(`status ${status} is not documented`);
  const text = `${head}\r\n\r\n${body.toString('utf8')}`;
  for (const secret of [CANARY, ...secrets]) {
    if (text.includes(secret)) throw new Violation(`a secret is in the answer: ${text}`);
  }
  if (headers.get('cache-control') !== 'no-store' || !headers.has('x-request-id'))
    throw new Violation(`Cache-Control or X-Request-Id is missing: ${head}`);
  if (body.length === 0) return `${status} without a body`;
  return status === 200 ? judgeSuccess(answer) : judgeProblem(answer);
}

/**
 * Judges the calls that one JSON body caused: what went upstream is what was sent, character by character, and nothing
 * went upstream for a body that two readers could read in two ways.
 *
 * @param calls passwords as AWS got them
 * @param fields of the body, or null where it is not strictly what is documented
 */
export function judgeCalls(calls, fields) {
  for (const { currentPassword, newPassword } of calls) {
    if (fields === null) throw new Violation('a body that is not strictly JSON of two fields reached AWS');
    if (currentPassword === fields.currentPassword && newPassword === fields.newPassword) continue;
    throw new Violation(`other passwords went upstream: ${JSON.stringify({ currentPassword, newPassword })}`);
  }
}

function judgeSuccess({ body }) {
  const answer = readJson(body);
  if (answer.status !== 'changed') throw new Violation(`200 does not say "changed": ${body}`);
  return 'changed';
}

/** Failures in AWS's own forms, by content type; each names an exception. */
const NATIVE = new Map([
  [
    'application/x-amz-json-1.1',
    ({ headers, body }) => {
      const { __type: name } = readJson(body);
      return /^\w+Exception$/.test(name) && headers.get('x-amzn-errortype') === name;
    },
  ],
  ['text/xml', ({ body }) => /^<ErrorResponse .*<Code>\w+<\/Code>.*<\/ErrorResponse>$/.test(body)],
]);

function judgeProblem(answer) {
  const { status, headers, body } = answer;
  const namesException = NATIVE.get(headers.get('content-type'));
  if (namesException !== undefined) return judgeNative(answer, namesException);
  if (!/^application\/problem\+json(?:;|$)/.test(headers.get('content-type') ?? ''))
    throw new Violation(`status ${status} comes as ${headers.get('content-type')}`);
  const { code, status: told, outcome } = readJson(body);
  const problem = Object.hasOwn(PROBLEMS, code) ? PROBLEMS[code] : undefined;
  if (problem === undefined) throw new Violation(`the code is not documented: ${body}`);
  if (problem.status !== status || told !== status)
    throw new Violation(`status ${status} is not ${code}'s: ${body}`);
  if (!OUTCOMES.has(outcome)) throw new Violation(`the outcome is not documented: ${body}`);
  if (code === 'internal_error') throw new Violation(`a bug in the gateway: ${body}`);
  return code;
}

function judgeNative(answer, namesException) {
  const code = answer.headers.get('x-problem-code');
  if (!Object.hasOwn(PROBLEMS, code)) throw new Violation(`the code is not documented: ${answer.head}`);
  if (answer.status >= 500) throw new Violation(`SDKs repeat a call after status ${answer.status}`);
  if (!namesException(answer)) throw new Violation(`the body names no exception: ${answer.body}`);
  if (code === 'internal_error') throw new Violation(`a bug in the gateway: ${answer.body}`);
  return code;
}

function readJson(body) {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new Violation(`the body is not JSON: ${body}`);
  }
}
