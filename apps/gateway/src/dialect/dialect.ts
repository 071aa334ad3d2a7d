import type { PasswordChangeError, ProviderName } from '@password-gateway/errors';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { IdempotencyKey } from '../ledger/idempotency-key.js';
import type { Credential } from '../password/credential.js';
import type { PasswordChanged } from '../password/provider-adapter.js';

/** What a request asks for, whichever dialect it was written in. */
export interface ChangeRequest {
  readonly credential: Credential;
  /** Reads the fields, by our names and unchecked: after the proof of the credential. */
  readonly fields: () => Readonly<Record<string, unknown>>;
  /** Reads what makes a repetition of the request recognisable, if the client sent it: after the check of the fields. */
  readonly idempotencyKey: () => IdempotencyKey | undefined;
}

/** A parsed body: the object of a JSON dialect, or the text of a form. */
export type ParsedBody = Readonly<Record<string, unknown>> | string;

/** An answer as a dialect writes it; headers that every answer has are the sender's. */
export interface DialectAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One way to write the request and its answers. Dialects stand at the two ends of the one path; nothing between knows them. */
export interface Dialect {
  /**
   * Reads a request.
   *
   * @throws PasswordChangeError what is wrong with its form
   */
  read(raw: IncomingMessage, body: ParsedBody): ChangeRequest;
  /** Writes the answer to a change that AWS confirmed. */
  changed(changed: PasswordChanged, requestId: string): DialectAnswer;
  /**
   * Writes the answer to a failure.
   *
   * @param provider whom the credential names, for a failure that does not say
   */
  problem(error: PasswordChangeError, requestId: string, provider?: ProviderName): DialectAnswer;
}

/** The media type of a request, from which its dialect is told, in lower case and without parameters. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
