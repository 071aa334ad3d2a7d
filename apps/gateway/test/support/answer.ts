import { expect } from '@jest/globals';

/** A JSON answer of the gateway: a change, or problem details. */
export interface AnswerBody {
  readonly status?: string | number;
  readonly provider?: string;
  readonly requestId?: string;
  readonly upstreamRequestId?: string;
  readonly type?: string;
  readonly title?: string;
  readonly detail?: string;
  readonly instance?: string;
  readonly code?: string;
  readonly outcome?: string;
  readonly retryable?: boolean;
  readonly confidence?: string;
  readonly next?: string;
  readonly errors?: readonly { readonly pointer: string; readonly code: string; readonly detail: string }[];
  readonly upstream?: { readonly service: string; readonly error?: string; readonly requestId?: string };
}

/** An answer as it came. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The parsed text; empty when it is not JSON. */
  readonly body: AnswerBody;
}

/** Makes an {@link Answer}, and fails when one of the values that were sent stands in it. */
export function toAnswer(
  status: number,
  headers: Headers,
  text: string,
  sentSecrets: readonly string[],
): Answer {
  const whole = [...headers].map(([name, value]) => `${name}: ${value}\n`).join('') + text;
  for (const secret of sentSecrets) expect(whole).not.toContain(secret);
  const json = headers.get('content-type')?.includes('json');
  return { status, headers, text, body: json && text !== '' ? (JSON.parse(text) as AnswerBody) : {} };
}

const MIN_LENGTH_OF_A_SECRET = 8;

/** Every secret that was sent so far, by any test of the file. */
export const everSent = new Set<string>();

/** The parts of a request that must not come back: credentials and every string of the body. */
export function secretsOf(headers: Readonly<Record<string, string>>, body: unknown): string[] {
  const { Authorization = '', 'X-Amz-Security-Token': token = '' } = headers;
  const [, signature = ''] = /Signature=(\w+)/.exec(Authorization) ?? [];
  const secrets = [Authorization.replace(/^Bearer /, ''), token, signature, ...stringsOf(body)].filter(
    (value) => value.length >= MIN_LENGTH_OF_A_SECRET,
  );
  for (const secret of secrets) everSent.add(secret);
  return secrets;
}

function stringsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsOf) : [];
}
