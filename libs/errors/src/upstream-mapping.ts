import {
  type Confidence,
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProviderName,
  type UpstreamReference,
} from './password-change-error.js';
import type { ProblemCode } from './taxonomy.js';

/** What an upstream error means, in the words of the taxonomy. */
export type UpstreamVerdict = PasswordChangeErrorOptions & {
  readonly code: ProblemCode;
  readonly confidence: Confidence;
};

/** One row of a service's table of error texts. */
export interface UpstreamRow<Sent> {
  /** What AWS's message must match; a row without it takes every message. */
  readonly text?: RegExp;
  /**
   * What it means. A bare code is `exact` where it stands in the only row of its name, and `inferred` elsewhere; in the
   * last of several rows it means a text that nobody knows.
   */
  readonly means: ProblemCode | UpstreamVerdict | ((message: string, sent: Sent) => UpstreamVerdict);
  /** The public place that shows the name or text. */
  readonly source: string;
}

/** A service's error names, each with its rows: the first whose text matches decides, and the last takes every text. */
export type UpstreamTable<Sent> = Readonly<Record<string, readonly UpstreamRow<Sent>[]>>;

/** An answer's error, as AWS named it. */
export interface UpstreamError<Sent> {
  /** AWS's error name. */
  readonly name: string;
  /** Decides, and is never passed on. */
  readonly message: string;
  /** What the request held, as far as it bears on the meaning. */
  readonly sent: Sent;
  /** What the error will say about AWS. */
  readonly upstream: UpstreamReference;
}

const UNRECOGNISED: UpstreamVerdict = {
  code: 'upstream_error_unrecognised',
  confidence: 'exact',
  unmappedText: true,
};

/**
 * Maps an error of AWS to the taxonomy: by name first, by message second. A name that is not in the table becomes
 * `upstream_error_unrecognised`.
 *
 * @param provider - whose table it is
 * @param table - error name to rows
 * @param error - what AWS answered
 */
export function mapUpstreamError<Sent>(
  provider: ProviderName,
  table: UpstreamTable<Sent>,
  { name, message, sent, upstream }: UpstreamError<Sent>,
): PasswordChangeError {
  const rows = Object.hasOwn(table, name) ? (table[name] ?? []) : [];
  const row = rows.find(({ text }) => text?.test(message) ?? true);
  const { code, ...options } = row ? verdict(row, rows.length > 1, message, sent) : UNRECOGNISED;
  return new PasswordChangeError(code, { ...options, provider, upstream });
}

function verdict<Sent>(
  { text, means }: UpstreamRow<Sent>,
  hasSiblings: boolean,
  message: string,
  sent: Sent,
): UpstreamVerdict {
  if (typeof means === 'function') return means(message, sent);
  if (typeof means === 'object') return means;
  return text === undefined && hasSiblings
    ? { code: means, confidence: 'inferred', unmappedText: true }
    : { code: means, confidence: text === undefined ? 'exact' : 'inferred' };
}

/** How AWS writes error names: words of letters and digits, now and then with dots between them. */
const NAME_SHAPE = /^[A-Za-z][A-Za-z0-9]{2,63}(?:\.[A-Za-z0-9]{1,64}){0,3}$/;

/** So short a secret is part of many an honest name, and tells nothing there. */
const SHORTEST_SECRET = 3;

/**
 * An error name as it may be told in answers, logs and metrics: one of the table always, another one only when it has
 * the shape of AWS's names and shares nothing with what was sent, because whatever answers in AWS's place may repeat
 * that.
 *
 * @param name - the name in the answer
 * @param table - the names that are known
 * @param secrets - what was sent: passwords, token, signature
 */
export function tellableErrorName(
  name: string | undefined,
  table: UpstreamTable<never>,
  secrets: readonly (string | undefined)[],
): string | undefined {
  if (name === undefined || Object.hasOwn(table, name)) return name;
  if (!NAME_SHAPE.test(name)) return undefined;
  const lower = name.toLowerCase();
  const isTold = secrets.some((secret) => {
    const sent = secret?.toLowerCase() ?? '';
    return sent.includes(lower) || (sent.length >= SHORTEST_SECRET && lower.includes(sent));
  });
  return isTold ? undefined : name;
}
