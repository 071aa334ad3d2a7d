import type { UpstreamHandler, UpstreamRequest } from '@password-gateway/errors';
import { MAX_ANSWER_BYTES } from '@password-gateway/errors';
import type { OnApplicationShutdown } from '@nestjs/common';
import { Injectable } from '@nestjs/common';
import { isIP } from 'node:net';
import { Agent } from 'undici';

/** AWS closes idle connections after some seconds; ours go first, or a stale one would look like an unknown outcome. */
const IDLE_SOCKET_MS = 4_000;

const CONNECT_TIMEOUT_MS = 3_000;

/** Connections per endpoint: as many as calls that may be in flight, or some would wait for others and time out. */
const MAX_CONNECTIONS = 2_500;

/**
 * Sends HTTP requests to AWS over pooled connections. Knows for each failure whether any byte of the request may have
 * left: undici tells when it begins to write on a connection that stands, so before that moment nothing was sent.
 * Follows no redirect, retries nothing.
 */
@Injectable()
export class UndiciHandler implements UpstreamHandler, OnApplicationShutdown {
  private readonly agent = new Agent({
    connections: MAX_CONNECTIONS,
    pipelining: 1,
    keepAliveTimeout: IDLE_SOCKET_MS,
    keepAliveMaxTimeout: IDLE_SOCKET_MS,
    connect: { timeout: CONNECT_TIMEOUT_MS },
    // The caller's deadline covers both.
    headersTimeout: 0,
    bodyTimeout: 0,
  });

  /**
   * Sends one request and reads the whole answer.
   *
   * @throws Error with `requestSent: boolean`
   */
  handle(request: UpstreamRequest, { abortSignal }: { readonly abortSignal: AbortSignal }) {
    const { protocol, hostname, port, path, headers, body } = request;
    return new Promise<{
      response: { statusCode: number; headers: Record<string, string>; body: Uint8Array };
    }>((resolve, reject) => {
      let requestSent = false;
      let statusCode = 0;
      const answerHeaders: Record<string, string> = {};
      let length = 0;
      const chunks: Buffer[] = [];
      let cancel: ((reason: Error) => void) | undefined;
      const fail = (error: Error): void => {
        abortSignal.removeEventListener('abort', onAbort);
        reject(Object.assign(error, { requestSent }));
      };
      const finish = (): void => {
        abortSignal.removeEventListener('abort', onAbort);
        resolve({ response: { statusCode, headers: answerHeaders, body: Buffer.concat(chunks) } });
      };
      const onAbort = (): void => {
        const error = new Error('aborted');
        if (cancel) cancel(error);
        fail(error);
      };
      abortSignal.addEventListener('abort', onAbort, { once: true });
      this.agent.dispatch(
        {
          origin: `${protocol}//${hostname}${port === undefined ? '' : `:${port}`}`,
          path,
          method: 'POST',
          headers,
          body,
          // The certificate must be the endpoint's own, also where Host names another server.
          ...(protocol === 'https:' && isIP(hostname) === 0 && { servername: hostname }),
        },
        {
          onRequestStart: (controller) => {
            if (abortSignal.aborted) {
              controller.abort(new Error('aborted'));
              return;
            }
            requestSent = true;
            cancel = (reason) => {
              controller.abort(reason);
            };
          },
          onResponseStart: (_controller, status, received) => {
            statusCode = status;
            for (const [name, value] of Object.entries(received)) answerHeaders[name] = String(value);
          },
          onResponseData: (controller, chunk) => {
            length += chunk.length;
            chunks.push(chunk);
            if (length <= MAX_ANSWER_BYTES) return;
            // Too long for an answer of AWS, which its reader finds; the endpoint is alive all the same.
            finish();
            controller.abort(new Error('answer too large'));
          },
          onResponseEnd: finish,
          onResponseError: (_controller, error) => {
            fail(error);
          },
        },
      );
    });
  }

  /** Closes the pooled connections. */
  async onApplicationShutdown(): Promise<void> {
    await this.agent.destroy();
  }
}
