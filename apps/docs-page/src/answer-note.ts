import { NEXT_STEPS } from '@password-gateway/errors';
import type { ReactNode, System } from 'swagger-ui-dist/swagger-ui-es-bundle.js';

/** The parts of a problem (RFC 9457) that the note tells. */
interface Problem {
  readonly status: number;
  readonly type: string;
  readonly title: string;
  readonly code: string;
  readonly detail: string;
  readonly outcome: 'unchanged' | 'unknown';
  readonly next: keyof typeof NEXT_STEPS;
}

const OUTCOMES = {
  unchanged: 'The password is unchanged.',
  unknown: 'Nobody can tell from here whether the password has changed.',
} as const;

/** From this difference on the clock is worth a sentence; the gateway refuses signatures from 5 minutes on. */
const CLOCK_SKEW_SECONDS = 120;

/**
 * What an answer means for the person at the page, with the link to the explanation where it is a problem; null when it
 * is no answer of the route.
 *
 * @param createElement React's
 * @param text body of the answer
 * @param headers headers of the answer
 */
export function answerNote(
  createElement: System['React']['createElement'],
  text: string | undefined,
  headers: Readonly<Record<string, string>>,
): ReactNode {
  const type = headers['content-type'] ?? '';
  if (text === undefined || !/^application\/(?:problem\+)?json/.test(type)) return null;
  const body = answerOf(text);
  if (body === undefined) return null;
  if (body.status === 'changed') {
    return createElement(
      'div',
      { className: 'note changed', role: 'status' },
      createElement('strong', null, 'The password is changed'),
      createElement('p', null, 'AWS confirmed it. From now on the new password holds.'),
    );
  }
  const clock = body.code === 'credential_expired' ? clockSkew(headers['date'], new Date()) : undefined;
  return createElement(
    'div',
    { className: 'note', role: 'alert' },
    createElement('strong', null, body.title),
    createElement('p', null, body.detail),
    clock === undefined ? null : createElement('p', null, clock),
    createElement('p', null, `${OUTCOMES[body.outcome]} ${NEXT_STEPS[body.next]}`),
    createElement('a', { href: body.type }, `About ${body.code}`),
  );
}

/** An answer of the route; undefined when something on the way answered in its place. */
function answerOf(text: string): Problem | { readonly status: 'changed' } | undefined {
  try {
    const body = JSON.parse(text) as Problem | { readonly status: 'changed' } | null;
    return body?.status === 'changed' || Object.hasOwn(OUTCOMES, body?.outcome ?? '')
      ? (body ?? undefined)
      : undefined;
  } catch {
    return undefined;
  }
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
