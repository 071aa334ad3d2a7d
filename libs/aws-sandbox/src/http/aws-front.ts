import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { errorFrom } from '../aws-error.js';
import type { CallLog, OpenCallRecord, ServiceName } from '../calls.js';
import { cognitoActionOf } from '../cognito/cognito-service.js';
import { COGNITO_ERRORS } from '../cognito/errors.js';
import type { Fault, FaultQueue } from '../faults.js';
import { IAM_ERRORS } from '../iam/errors.js';
import { queryActionOf, queryServiceOf } from '../iam/query-service.js';
import { headerOf, type Answer, type AwsService, type Call, type SandboxRequest } from '../service.js';
import { readBody } from './read-body.js';
import { writeAnswer } from './write-answer.js';
import { writeFault } from './write-fault.js';

/** Far above anything that the services take. */
const BODY_LIMIT = 1024 * 1024;

type ErrorFault = Extract<Fault, { readonly kind: 'error' }>;

/** What the front needs of the sandbox. */
export interface AwsFrontParts {
  readonly services: Readonly<Record<ServiceName, AwsService>>;
  readonly calls: CallLog;
  readonly faults: FaultQueue;
  readonly now: () => Date;
}

/** Takes every AWS request: notes it, runs it and answers it, wrongly where a fault is scripted. */
export class AwsFront {
  readonly #parts: AwsFrontParts;

  constructor(parts: AwsFrontParts) {
    this.#parts = parts;
  }

  /** Serves one request; `target` is its path and query. */
  async serve(request: IncomingMessage, response: ServerResponse, target: string): Promise<void> {
    const { faults, now } = this.#parts;
    const headers = pairsOf(request.rawHeaders);
    const record = this.#note(headers);
    const knownAction = record.action === 'Unknown' ? undefined : record.action;
    if (faults.peek(record.service, knownAction)?.kind === 'reset') {
      faults.take(record.service, knownAction);
      record.fault = 'reset';
      request.socket.resetAndDestroy();
      return;
    }
    const body = await readBody(request, BODY_LIMIT);
    if (body.kind === 'aborted') return;
    if (body.kind === 'too-large') {
      record.status = 413;
      writeAnswer(response, { status: 413, headers: { connection: 'close' }, body: '' }, now());
      return;
    }
    record.bodyBytes = body.bytes.length;
    this.#answer(response, record, { method: request.method ?? '', target, headers, body: body.bytes });
  }

  #note(headers: SandboxRequest['headers']): OpenCallRecord {
    const target = headerOf(headers, 'x-amz-target');
    // Which of IAM and STS it is stands in the body; until that is read, the credential scope tells.
    const scopedToSts = headerOf(headers, 'authorization')?.includes('/sts/aws4_request') === true;
    const queryService = scopedToSts ? 'sts' : 'iam';
    return this.#parts.calls.add({
      service: target === undefined ? queryService : 'cognito-idp',
      action: target === undefined ? 'Unknown' : cognitoActionOf(target),
      requestId: randomUUID(),
      at: this.#parts.now().getTime(),
      headers: headers.map(([name]) => name),
      host: headerOf(headers, 'host'),
      bodyBytes: 0,
      committed: false,
    });
  }

  #answer(response: ServerResponse, record: OpenCallRecord, request: SandboxRequest): void {
    if (record.service !== 'cognito-idp') {
      record.action = queryActionOf(request);
      record.service = queryServiceOf(record.action);
    }
    const { faults, services } = this.#parts;
    const { service, action } = record;
    const now = this.#parts.now();
    const fault = faults.peek(service, action);
    const checkpoint = (): void => {
      if (isAwsError(fault)) this.#throwScripted(record, fault);
    };
    const call: Call = { record, now, checkpoint };
    const run = (): Answer => services[service].run(call, request);
    if (!fault || isAwsError(fault)) {
      const answer = run();
      record.status = answer.status;
      writeAnswer(response, answer, now);
      return;
    }
    faults.take(service, action);
    record.fault = fault.kind;
    const status = writeFault(response, fault, now, run);
    if (status !== undefined) record.status = status;
  }

  #throwScripted(record: OpenCallRecord, fault: ErrorFault): never {
    // Used up only now: a call that fails before it gets here leaves the fault to the next one.
    this.#parts.faults.take(record.service, record.action);
    record.fault = fault.kind;
    const table = record.service === 'cognito-idp' ? COGNITO_ERRORS : IAM_ERRORS;
    throw errorFrom(table, fault.code, fault.message, fault.status);
  }
}

function isAwsError(fault: Fault | undefined): fault is ErrorFault {
  return fault?.kind === 'error';
}

function pairsOf(rawHeaders: readonly string[]): (readonly [string, string])[] {
  const pairs: (readonly [string, string])[] = [];
  for (let index = 0; index < rawHeaders.length; index += 2) {
    pairs.push([rawHeaders[index] ?? '', rawHeaders[index + 1] ?? '']);
  }
  return pairs;
}
