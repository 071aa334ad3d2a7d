import type { UpstreamHandler, UpstreamRequest } from '@password-gateway/errors';

/** An answer of an upstream that is not there. */
export interface StubAnswer {
  readonly status?: number;
  readonly headers?: Record<string, string>;
  readonly body?: string | Uint8Array;
}

/** Answers every request alike and keeps the last one. */
export class StubHandler implements UpstreamHandler {
  request: UpstreamRequest | undefined;

  constructor(private readonly answer: StubAnswer = {}) {}

  /** The body of the last request. */
  json(): Promise<unknown> {
    return new Response(this.request?.body ?? null).json();
  }

  handle(request: UpstreamRequest) {
    this.request = request;
    const {
      status = 200,
      headers = { 'content-type': 'application/x-amz-json-1.1' },
      body = '{}',
    } = this.answer;
    const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
    return Promise.resolve({ response: { statusCode: status, headers, body: bytes } });
  }
}
