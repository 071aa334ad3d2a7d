import { CallLog, type CallRecord } from './calls.js';
import { CognitoControl } from './cognito/cognito-control.js';
import { CognitoService } from './cognito/cognito-service.js';
import { PoolDocuments } from './cognito/jwks.js';
import { PoolDirectory } from './cognito/user-pool.js';
import { controlHandler } from './control/control.js';
import type { DemoData } from './demo.js';
import { FaultQueue } from './faults.js';
import { AwsFront } from './http/aws-front.js';
import { Listener, type ConnectionCounts } from './http/listener.js';
import { Router } from './http/router.js';
import { IamAccount } from './iam/account.js';
import { IamControl } from './iam/iam-control.js';
import { QueryService } from './iam/query-service.js';

/** How to start a sandbox. */
export interface AwsSandboxOptions {
  /** Default 0: any free port. */
  readonly port?: number | undefined;
  /** Default `127.0.0.1`. The sandbox gives out keys to whoever asks: keep it on loopback. */
  readonly host?: string | undefined;
  /** 12 digits, default `123456789012`. */
  readonly accountId?: string | undefined;
  /** The clock of signatures, tokens and lockouts; default the machine's. */
  readonly now?: (() => Date) | undefined;
  /** How many calls are kept at least; default 10 000. */
  readonly callLimit?: number | undefined;
  /** How long an idle kept-alive connection stays open, in ms; default 60 000. */
  readonly idleTimeoutMs?: number | undefined;
}

/** A local Amazon Cognito, AWS IAM and AWS STS on one origin. */
export class AwsSandbox {
  /** Pools, users and tokens. */
  readonly cognito: CognitoControl;
  /** IAM users, keys and the account's password policy. */
  readonly iam: IamControl;
  /** What goes wrong next. */
  readonly faults: FaultQueue;
  /** Whether the token keys endpoint answers 500. */
  readonly jwks: { readonly fail: (failing: boolean) => void };
  /** The demonstration users, once `seedDemo` has made them. */
  demo: DemoData | undefined;
  readonly #calls: CallLog;
  readonly #documents: PoolDocuments;
  readonly #listener: Listener;

  /** Use {@link startAwsSandbox}, which also starts to listen. */
  constructor(options: AwsSandboxOptions = {}) {
    const now = options.now ?? (() => new Date());
    const pools = new PoolDirectory();
    const account = new IamAccount(options.accountId ?? '123456789012');
    const documents = new PoolDocuments(pools);
    const services = {
      'cognito-idp': new CognitoService(pools),
      iam: new QueryService(account, 'iam'),
      sts: new QueryService(account, 'sts'),
    };
    this.cognito = new CognitoControl(pools, now);
    this.iam = new IamControl(account, now);
    this.faults = new FaultQueue();
    this.jwks = {
      fail: (failing) => {
        documents.failing = failing;
      },
    };
    this.#documents = documents;
    this.#calls = new CallLog(options.callLimit);
    const { faults } = this;
    const router = new Router({
      front: new AwsFront({ services, calls: this.#calls, faults, now }),
      documents,
      control: controlHandler(this),
      faults,
      now,
    });
    const { port = 0, host = '127.0.0.1', idleTimeoutMs = 60_000 } = options;
    this.#listener = new Listener({ host, port, idleTimeoutMs }, router.handle);
  }

  /** Where it listens: `http://host:port`, without a slash at the end. */
  get url(): string {
    return this.#listener.url;
  }

  /** The AWS requests that arrived, oldest first; token keys and control requests are not among them. */
  get calls(): readonly CallRecord[] {
    return this.#calls.records;
  }

  /** How many AWS requests arrived since the last `clearCalls`, also those that are no longer kept. */
  get callCount(): number {
    return this.#calls.count;
  }

  /** Connections and bytes since the start, of requests of every kind. */
  get connections(): ConnectionCounts {
    return this.#listener.connections;
  }

  /** How often the token keys were asked for. */
  get jwksFetches(): number {
    return this.#documents.fetches;
  }

  /** Forgets the calls. */
  clearCalls(): void {
    this.#calls.clear();
  }

  /** Back to good behaviour: no faults, no calls, no JWKS fetches counted. Users, keys and passwords stay. */
  reset(): void {
    this.faults.clear();
    this.clearCalls();
    this.#documents.failing = false;
    this.#documents.fetches = 0;
  }

  /** Stops to listen and cuts all connections: callers meet "connection refused". */
  refuse(): Promise<void> {
    return this.#listener.close();
  }

  /**
   * Listens (again), on the same port.
   *
   * @throws Error `EADDRINUSE` and its like
   */
  accept(): Promise<void> {
    return this.#listener.open();
  }

  /** Ends the sandbox at once, hanging connections too. */
  close(): Promise<void> {
    return this.#listener.close();
  }
}

/**
 * Starts a sandbox.
 *
 * @throws Error `EADDRINUSE` and its like
 */
export async function startAwsSandbox(options: AwsSandboxOptions = {}): Promise<AwsSandbox> {
  const sandbox = new AwsSandbox(options);
  await sandbox.accept();
  return sandbox;
}
