import { decodedBody } from './content-encoding.js';
import { PasswordChangeError, type ProviderName, type UpstreamReference } from './password-change-error.js';
import { provesNothingWasSent } from './transport-failure.js';

/** One HTTP request to AWS, in the shape that the AWS SDK's request handlers take. */
export interface UpstreamRequest {
  /** For instance `POST`. */
  readonly method: string;
  /** `https:` or `http:`. */
  readonly protocol: string;
  /** Without a port. */
  readonly hostname: string;
  /** The protocol's own by default. */
  readonly port?: number;
  /** Begins with a slash. */
  readonly path: string;
  /** Names to values; empty for ChangePassword. */
  readonly query: Record<string, string | string[] | null>;
  /** Names to values, `host` among them where it is not the host name. */
  readonly headers: Record<string, string>;
  /** What is sent, byte for byte. */
  readonly body: string | Uint8Array;
}

/** The part of the AWS SDK's `RequestHandler` that is needed: any handler of the SDK fits. */
export interface UpstreamHandler {
  /** Sends one request; rejects when no answer came. */
  handle(
    // The SDK's handlers take a class whose body may be missing, so a required one would fit none of them.
    request: Omit<UpstreamRequest, 'body'> & { readonly body?: string | Uint8Array },
    options: { readonly abortSignal: AbortSignal },
  ): Promise<{
    response: { statusCode: number; headers: Record<string, string>; body?: unknown };
  }>;
}

/** A whole answer of AWS. */
export interface UpstreamAnswer {
  /** HTTP status. */
  readonly statusCode: number;
  /** Names in lower case. */
  readonly headers: Record<string, string>;
  /** At most {@link MAX_ANSWER_BYTES}. */
  readonly body: Uint8Array;
}

/** What {@link callUpstream} needs to know. */
export interface UpstreamCall {
  /** Sends the request. */
  readonly handler: UpstreamHandler;
  /** Makes what to send, within the deadline; at once where nothing has to be looked up. */
  readonly request: () => UpstreamRequest | Promise<UpstreamRequest>;
  /** For the `provider` member of a failure. */
  readonly provider: ProviderName;
  /** Endpoint prefix, for the `upstream` member of a failure. */
  readonly service: string;
  /** Reads AWS's error name out of a failed answer. */
  readonly errorName: (answer: UpstreamAnswer) => Promise<string | undefined>;
  /** Deadline of everything together, making the request, connecting and reading included, in milliseconds. */
  readonly timeoutMs: number;
  /**
   * Aborts the call. Before anything was sent it ends as `upstream_unreachable`, outcome unchanged, also when it was
   * aborted from the start; once on its way it ends as `upstream_timeout`, outcome unknown.
   */
  readonly signal?: AbortSignal;
}

/** Longest answer that is read, in bytes: ChangePassword answers have some hundred, more than this cannot be one. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** Pauses between attempts to connect, in milliseconds. */
const CONNECT_RETRY_PAUSES = [50, 200];

/**
 * Sends one request to AWS and reads the whole answer. ChangePassword is not idempotent, so the request is repeated
 * only while it is certain that no byte of it left (DNS, refused, TLS handshake), and only within the deadline.
 *
 * @returns the answer, when its status is below 500 and no redirect
 * @throws PasswordChangeError `upstream_unreachable` (nothing was sent), `upstream_timeout` or `upstream_failed`
 * (outcome unknown: reset, redirect, 5xx, an answer too large to be one); what making the request throws is passed on
 */
export async function callUpstream(call: UpstreamCall): Promise<UpstreamAnswer> {
  const abort = new AbortController();
  const { signal } = abort;
  const giveUp = (): void => {
    abort.abort();
  };
  const timer = setTimeout(giveUp, call.timeoutMs);
  try {
    call.signal?.addEventListener('abort', giveUp);
    if (call.signal?.aborted === true) giveUp();
    if (isAborted(signal)) throw failure(call, 'upstream_unreachable');
    const made = call.request();
    const request = 'then' in made ? await prepared(call, made, signal) : made;
    for (let tries = 0; ; tries++) {
      if (isAborted(signal)) throw failure(call, 'upstream_unreachable');
      try {
        const answer = await exchange(call, request, signal);
        if (isReadable(answer)) return answer;
        throw await unreadable(call, answer);
      } catch (error) {
        await sleep(pauseOrThrow(error, tries, call, signal), signal);
      }
    }
  } finally {
    clearTimeout(timer);
    call.signal?.removeEventListener('abort', giveUp);
  }
}

/** The request, unless the call ends before it is made. */
function prepared(
  call: UpstreamCall,
  request: Promise<UpstreamRequest>,
  signal: AbortSignal,
): Promise<UpstreamRequest> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => {
      reject(failure(call, 'upstream_unreachable'));
    });
  });
  return Promise.race([request, ended]);
}

/** How long to wait before the next attempt to connect, in milliseconds; throws where none may follow. */
function pauseOrThrow(error: unknown, tries: number, call: UpstreamCall, signal: AbortSignal): number {
  if (error instanceof PasswordChangeError) throw error;
  if (!provesNothingWasSent(error)) {
    throw failure(call, isAborted(signal) ? 'upstream_timeout' : 'upstream_failed', error);
  }
  const pause = CONNECT_RETRY_PAUSES[tries];
  if (pause === undefined || isAborted(signal)) throw failure(call, 'upstream_unreachable', error);
  return pause;
}

/** A call, because the compiler takes the first look at `aborted` for the last. */
function isAborted(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Ends at the deadline even when the handler or the body stream ignores the abort. */
function exchange(
  { handler }: UpstreamCall,
  request: UpstreamRequest,
  signal: AbortSignal,
): Promise<UpstreamAnswer> {
  return new Promise((resolve, reject) => {
    let body: unknown;
    signal.addEventListener('abort', () => {
      // The handler's own rejection knows whether bytes were sent; it comes first when there is one.
      setTimeout(() => {
        reject(new Error('aborted'));
      }, 0);
      // Not every handler of the SDK closes the connection once the headers are there.
      if (isDestroyable(body)) body.destroy();
    });
    handler
      .handle(request, { abortSignal: signal })
      .then(({ response }): UpstreamAnswer | Promise<UpstreamAnswer> => {
        body = response.body;
        // The answer came after the deadline: nobody reads it.
        if (signal.aborted && isDestroyable(body)) body.destroy();
        const { statusCode } = response;
        const headers = lowerCased(response.headers);
        const encoding = headers['content-encoding'];
        if (body instanceof Uint8Array && encoding === undefined) {
          return { statusCode, headers, body: capped(body) };
        }
        const whole = body instanceof Uint8Array ? Promise.resolve(capped(body)) : readBody(body);
        return whole
          .then((bytes) => (encoding === undefined ? bytes : decodedBody(encoding, bytes, MAX_ANSWER_BYTES)))
          .then((bytes) => ({ statusCode, headers, body: bytes }));
      })
      .then(resolve, reject);
  });
}

function isReadable({ statusCode }: UpstreamAnswer): boolean {
  return (statusCode >= 200 && statusCode < 300) || (statusCode >= 400 && statusCode < 500);
}

async function unreadable(call: UpstreamCall, answer: UpstreamAnswer): Promise<PasswordChangeError> {
  const error = answer.statusCode >= 500 ? await call.errorName(answer) : undefined;
  return new PasswordChangeError('upstream_failed', {
    provider: call.provider,
    upstream: upstreamReference(call.service, answer, error),
  });
}

async function readBody(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > MAX_ANSWER_BYTES) throw new Error('answer too large');
    chunks.push(chunk);
  }
  const whole = new Uint8Array(length);
  let offset = 0;
  for (const chunk of chunks) {
    whole.set(chunk, offset);
    offset += chunk.byteLength;
  }
  return whole;
}

function isDestroyable(body: unknown): body is { destroy(): unknown } {
  return typeof body === 'object' && body !== null && 'destroy' in body && typeof body.destroy === 'function';
}

function capped(body: Uint8Array): Uint8Array {
  if (body.byteLength > MAX_ANSWER_BYTES) throw new Error('answer too large');
  return body;
}

function lowerCased(headers: Record<string, string>): Record<string, string> {
  const lowered: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) lowered[name.toLowerCase()] = value;
  return lowered;
}

function failure(
  call: UpstreamCall,
  code: 'upstream_unreachable' | 'upstream_timeout' | 'upstream_failed',
  cause?: unknown,
): PasswordChangeError {
  return new PasswordChangeError(code, {
    provider: call.provider,
    upstream: upstreamReference(call.service, undefined),
    cause,
  });
}

/**
 * What can be said of an answer without reading its body: the service and AWS's request id.
 *
 * @param service - endpoint prefix, `cognito-idp` or `iam`
 * @param answer - the answer, when one came
 * @param error - AWS's error name, when it could be read
 */
export function upstreamReference(
  service: string,
  answer: UpstreamAnswer | undefined,
  error?: string,
): UpstreamReference {
  const requestId = answer?.headers['x-amzn-requestid'] ?? answer?.headers['x-amz-request-id'];
  return {
    service,
    ...(error !== undefined && ERROR_NAME.test(error) && { error }),
    ...(requestId !== undefined && REQUEST_ID.test(requestId) && { requestId }),
  };
}

/** What came from upstream is echoed only when it looks like AWS's request ids and error names. */
const REQUEST_ID = /^[\w-]{1,64}$/;
const ERROR_NAME = /^[\w.]{1,128}$/;

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener('abort', done);
  });
}
