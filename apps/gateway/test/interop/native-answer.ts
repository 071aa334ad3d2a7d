import { expect } from '@jest/globals';

/** What of an answer is looked at. */
interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A failure in one of AWS's own forms. */
export interface NativeFailure {
  readonly form: 'cognito' | 'iam';
  /** Name of the exception, IAM's without the suffix. */
  readonly name: string;
  /** Code of the problem. */
  readonly code: string;
  /** 400 unless given. */
  readonly status?: number;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const XMLNS = 'https://iam.amazonaws.com/doc/2010-05-08/';

/** Expects a failure in AWS's own form, whole, with the headers that every answer has. */
export function expectNativeFailure(
  answer: Answered,
  { form, name, code, status = 400 }: NativeFailure,
): void {
  const seen = form === 'cognito' ? readCognito(answer) : readIam(answer);
  expect({ ...seen, status: answer.status, code: answer.headers.get('x-problem-code') }).toEqual({
    name,
    message: expect.stringMatching(/^\S.{10,}/),
    status,
    code,
  });
  expectOwnHeaders(answer);
}

function readCognito({ headers, text }: Answered): { name: unknown; message: unknown } {
  expect(headers.get('content-type')?.trim()).toBe('application/x-amz-json-1.1');
  const { __type: name, message, ...more } = JSON.parse(text) as Record<string, unknown>;
  expect(more).toEqual({});
  expect(headers.get('x-amzn-errortype')?.trim()).toBe(name);
  return { name, message };
}

const ERROR_RESPONSE =
  /^<ErrorResponse xmlns="([^"]+)"><Error><Type>Sender<\/Type><Code>(\w+)<\/Code><Message>([^<]+)<\/Message><\/Error><RequestId>([^<]+)<\/RequestId><\/ErrorResponse>$/;

function readIam({ headers, text }: Answered): { name: unknown; message: unknown } {
  expect(headers.get('content-type')?.trim()).toMatch(/^text\/xml(?:;|$)/);
  const [, xmlns, name, message, requestId] = ERROR_RESPONSE.exec(text) ?? [];
  expect({ xmlns, requestId }).toEqual({ xmlns: XMLNS, requestId: headers.get('x-amzn-requestid') });
  return { name, message };
}

/** Expects the headers that every answer has, and those of every native one. */
export function expectOwnHeaders({ headers, status }: Answered): void {
  expect(status).toBeLessThan(500);
  expect(headers.get('cache-control')).toBe('no-store');
  expect(headers.get('x-request-id')).toMatch(UUID);
  expect(headers.get('x-amzn-requestid')).toMatch(UUID);
}

/** Expects a success in AWS's own form. */
export function expectNativeSuccess(answer: Answered, form: NativeFailure['form']): void {
  const { headers, text } = answer;
  const id = headers.get('x-amzn-requestid') ?? '';
  expect({ status: answer.status, code: headers.get('x-problem-code') }).toEqual({ status: 200, code: null });
  expect(text).toBe(
    form === 'cognito'
      ? '{}'
      : `<ChangePasswordResponse xmlns="${XMLNS}"><ResponseMetadata><RequestId>${id}</RequestId></ResponseMetadata></ChangePasswordResponse>`,
  );
  expectOwnHeaders(answer);
}
