import type { AwsError } from '../aws-error.js';
import type { Answer } from '../service.js';
import { cognitoError } from './errors.js';

/** The members of a request body. */
export type JsonInput = Readonly<Record<string, unknown>>;

const CONTENT_TYPE = 'application/x-amz-json-1.1';

/**
 * Parses the body of an AWS JSON 1.1 request; an empty body is an empty input.
 *
 * @throws AwsError `SerializationException`
 */
export function parseJsonInput(body: Buffer): JsonInput {
  if (body.length === 0) return {};
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    throw cognitoError('SerializationException');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw cognitoError('SerializationException');
  }
  return value as Record<string, unknown>;
}

/**
 * A member of type String; null counts as absent.
 *
 * @throws AwsError `SerializationException` when it has another type
 */
export function stringMember(input: JsonInput, name: string): string | undefined {
  const value = Object.hasOwn(input, name) ? (input[name] ?? undefined) : undefined;
  if (value === undefined || typeof value === 'string') return value;
  const type = typeof value === 'object' ? 'Start of structure or map found where not expected.' : undefined;
  throw cognitoError(
    'SerializationException',
    type ?? `${(typeof value).toUpperCase()}_VALUE can not be converted to a String`,
  );
}

/** A successful answer. */
export function jsonAnswer(requestId: string, output: object): Answer {
  return {
    status: 200,
    headers: { 'content-type': CONTENT_TYPE, 'x-amzn-requestid': requestId },
    body: JSON.stringify(output),
  };
}

/** A refusal, with the error name in the body and, with Cognito's trailing colon, in a header. */
export function jsonErrorAnswer(requestId: string, error: AwsError): Answer {
  return {
    status: error.status,
    headers: {
      'content-type': CONTENT_TYPE,
      'x-amzn-requestid': requestId,
      'x-amzn-errortype': `${error.code}:`,
      // A header cannot carry everything that a scripted text may hold.
      'x-amzn-errormessage': error.message.replace(/[^\x20-\x7e]/gu, '?'),
    },
    body: JSON.stringify({ __type: error.code, message: error.message }),
  };
}
