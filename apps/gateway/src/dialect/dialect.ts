import type { PasswordChangeError } from '@password-gateway/errors';
import type { FastifyReply } from 'fastify';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

import type { Credential } from '../password/credential.js';
import type { PasswordChanged } from '../password/provider-adapter.js';

/** What a request asks for, whichever dialect it was written in. */
export interface ChangeRequest {
  readonly credential: Credential;
  /** Reads the fields, by our names and unchecked: after the proof of the credential. */
  readonly fields: () => Readonly<Record<string, unknown>>;
  /** Reads what makes a repetition of the request recognisable, if the client sent it: after the check of the fields. */
  readonly idempotencyKey: () => string | undefined;
}

/** A parsed body: the object of a JSON dialect, or the text of a form. */
export type ParsedBody = Readonly<Record<string, unknown>> | string;

/** One way to write the request and its answers. Dialects stand at the two ends of the one path; nothing between knows them. */
export interface Dialect {
  readonly name: 'json' | 'cognito' | 'iam-query';
  /**
   * Reads a request.
   *
   * @throws PasswordChangeError what is wrong with its form
   */
  read(raw: IncomingMessage, body: ParsedBody): ChangeRequest;
  /** Answers a change that AWS confirmed. */
  sendChanged(reply: FastifyReply, changed: PasswordChanged, requestId: string): void;
  /** Answers a failure. */
  sendProblem(reply: FastifyReply, error: PasswordChangeError, requestId: string): void;
}

/** Content type and target of a request, from which its dialect is told. */
export function mediaType(headers: IncomingHttpHeaders): string {
  return (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}
