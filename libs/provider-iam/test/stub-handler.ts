import type { UpstreamHandler, UpstreamRequest } from '@password-gateway/errors';

/** An answer of an upstream that is not there. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string;
}

/** A success as IAM answers it. */
export const SUCCESS =
  '<ChangePasswordResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>' +
  '<RequestId>r-1</RequestId></ResponseMetadata></ChangePasswordResponse>';

/** Answers every request alike and keeps the last one. */
export class StubHandler implements UpstreamHandler {
  request: UpstreamRequest | undefined;

  constructor(private readonly answer: StubAnswer = {}) {}

  handle(request: UpstreamRequest) {
    this.request = request;
    const { status = 200, headers = { 'content-type': 'text/xml' }, body = SUCCESS } = this.answer;
    return Promise.resolve({
      response: { statusCode: status, headers, body: new TextEncoder().encode(body) },
    });
  }
}
