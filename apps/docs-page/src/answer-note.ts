import { NEXT_STEPS } from '@password-gateway/errors';
import type { ReactNode, System } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

/** The parts of a problem (RFC 9457) that the note tells. */
interface Problem {
  readonly status: number;
  readonly title: string;
  readonly code: string;
  readonly provider?: string;
  readonly detail: string;
  readonly outcome: 'unchanged' | 'unknown';
  readonly next: keyof typeof NEXT_STEPS;
}

const OUTCOMES = {
  unchanged: 'The password is unchanged.',
  unknown: 'Nobody can tell from here whether the password has changed.',
} as const;

/** From this difference on the clock is worth a sentence; the gateway refuses signatures from 15 minutes on. */
const CLOCK_SKEW_SECONDS = 120;

/** Answers in AWS's own dialects speak for themselves. */
const NATIVE = /^(?:text\/xml|application\/x-amz-json-1\.1)/;

/** What is known where the gateway did not say it: a request that was sent may have been carried out. */
const UNTOLD = `${OUTCOMES.unknown} ${NEXT_STEPS.sign_in_with_new_password_to_find_out}`;

/** What came back, as far as anything did. */
export interface LiveAnswer {
  /** HTTP status; absent when no answer came. */
  readonly status?: number | undefined;
  readonly text?: string | undefined;
  /** By names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
}

/**
 * What an answer means for the person at the page, with the link to the explanation where it is a problem; null for an
 * answer in a dialect of AWS.
 *
 * @param createElement React's
 * @param answer what came back
 */
export function answerNote(
  createElement: System['React']['createElement'],
  { status, text, headers }: LiveAnswer,
): ReactNode {
  if (NATIVE.test(headers['content-type'] ?? '')) return null;
  const note = (title: string, ...lines: ReactNode[]): ReactNode =>
    createElement(
      'div',
      { className: 'note', role: 'alert' },
      createElement('strong', null, title),
      ...lines,
    );
  const line = (sentence: string): ReactNode => createElement('p', null, sentence);
  if (status === undefined) {
    return note(
      'No answer came',
      line('The gateway could not be reached, or the connection broke before it answered.'),
      line(UNTOLD),
    );
  }
  const body = answerOf(text);
  if (body === undefined) {
    return note(
      'This is no answer of the gateway',
      line('Something on the way to it answered in its place.'),
      line(UNTOLD),
    );
  }
  if (body.status === 'changed') {
    return createElement(
      'div',
      { className: 'note changed', role: 'status' },
      createElement('strong', null, 'The password is changed'),
      line('AWS confirmed it. From now on the new password holds.'),
    );
  }
  const hint = clockHint(body, headers) ?? waitHint(headers);
  return note(
    body.title,
    line(body.detail),
    hint === undefined ? null : line(hint),
    line(`${OUTCOMES[body.outcome]} ${NEXT_STEPS[body.next]}`),
    createElement(
      'a',
      // Relative to the page, so right behind any proxy; a tab of its own, because leaving the page forgets the credential.
      { href: `problems/${encodeURIComponent(body.code)}`, target: '_blank', rel: 'noopener' },
      `About ${body.code}`,
    ),
  );
}

/** An answer of the route; undefined when something on the way answered in its place. */
function answerOf(text = ''): Problem | { readonly status: 'changed' } | undefined {
  try {
    const body = JSON.parse(text) as Problem | { readonly status: 'changed' } | null;
    if (body === null) return undefined;
    if (body.status === 'changed') return body;
    return Object.hasOwn(OUTCOMES, body.outcome) && Object.hasOwn(NEXT_STEPS, body.next) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** An access token does not expire by this computer's clock, a signature does. */
function clockHint({ code, provider }: Problem, { date }: LiveAnswer['headers']): string | undefined {
  return code === 'credential_expired' && provider === 'iam' ? clockSkew(date, new Date()) : undefined;
}

function waitHint({ 'retry-after': seconds = '' }: LiveAnswer['headers']): string | undefined {
  return /^\d+$/.test(seconds) ? `Repeat it in ${seconds} seconds at the earliest.` : undefined;
}

/**
 * Says how far this computer's clock, by which the page signs, is from the gateway's.
 *
 * @param date the `Date` header of the answer
 * @param now this computer's time
 */
export function clockSkew(date: string | undefined, now: Date): string | undefined {
  const seconds = Math.round((now.getTime() - Date.parse(date ?? '')) / 1000);
  if (!(Math.abs(seconds) >= CLOCK_SKEW_SECONDS)) return undefined;
  const minutes = Math.round(Math.abs(seconds) / 60);
  return `The clock of this computer is ${minutes} minutes ${seconds > 0 ? 'ahead of' : 'behind'} the gateway's, and the page signs by it. Set it right and execute again.`;
}
