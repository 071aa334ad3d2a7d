import type { IncomingMessage, ServerResponse } from 'node:http';
import type { PoolDocuments } from '../cognito/jwks.js';
import type { FaultQueue } from '../faults.js';
import type { Answer } from '../service.js';
import type { AwsFront } from './aws-front.js';
import { readBody } from './read-body.js';
import { writeAnswer } from './write-answer.js';
import { writeFault } from './write-fault.js';

const WELL_KNOWN = /^\/([^/]+)\/\.well-known\/(jwks\.json|openid-configuration)$/u;

/** Answers a control request. */
export type ControlHandler = (
  method: string,
  path: string,
  contentType: string | undefined,
  body: Buffer,
) => Answer;

/** The parts behind the one origin. */
export interface RouterParts {
  readonly front: AwsFront;
  readonly documents: PoolDocuments;
  readonly control: ControlHandler;
  readonly faults: FaultQueue;
  readonly now: () => Date;
}

/** Sends every request to its part: control, token keys, or AWS. */
export class Router {
  readonly #parts: RouterParts;

  constructor(parts: RouterParts) {
    this.#parts = parts;
  }

  /** Serves one request; a bug shows as a 500 with its text, the sandbox goes on. */
  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.#route(request, response).catch((error: unknown) => {
      const body = JSON.stringify({ message: `bug in the sandbox: ${String(error)}` });
      if (response.headersSent) response.destroy();
      else writeAnswer(response, json(500, body), this.#parts.now());
    });
  };

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // The absolute form, which a client sends to a proxy, names the same resource.
    const target = (request.url ?? '/').replace(/^https?:\/\/[^/?]*/iu, '');
    const [path = '', query] = target.split('?', 2);
    if (path.startsWith('/_sandbox/')) {
      await this.#control(request, response, path);
      return;
    }
    const [, poolId, document] = WELL_KNOWN.exec(path) ?? [];
    if (poolId !== undefined && request.method === 'GET') {
      this.#wellKnown(response, poolId, document === 'jwks.json');
      return;
    }
    const isAws = request.method === 'POST' || query?.includes('Action=') === true;
    if ((path === '/' || path === '') && isAws) {
      await this.#parts.front.serve(request, response, target === '' ? '/' : target);
      return;
    }
    writeAnswer(response, json(404, '{"message":"nothing is here"}'), this.#parts.now());
  }

  async #control(request: IncomingMessage, response: ServerResponse, path: string): Promise<void> {
    const body = await readBody(request, 64 * 1024);
    if (body.kind === 'aborted') return;
    const answer =
      body.kind === 'too-large'
        ? json(413, '{"message":"the body is too large"}')
        : this.#parts.control(request.method ?? '', path, request.headers['content-type'], body.bytes);
    writeAnswer(response, answer, new Date());
  }

  #wellKnown(response: ServerResponse, poolId: string, isJwks: boolean): void {
    const { documents, faults } = this.#parts;
    const now = this.#parts.now();
    if (!isJwks) {
      writeAnswer(response, documents.openIdConfiguration(poolId), now);
      return;
    }
    documents.fetches += 1;
    const fault = faults.take('jwks', undefined);
    if (fault?.kind === 'error') {
      writeAnswer(response, json(fault.status ?? 500, JSON.stringify({ message: fault.code })), now);
    } else if (fault) {
      writeFault(response, fault, now, () => documents.jwks(poolId));
    } else {
      writeAnswer(response, documents.jwks(poolId), now);
    }
  }
}

function json(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body };
}
