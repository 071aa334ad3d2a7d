import { type AwsSandbox, startAwsSandbox } from '@password-gateway/aws-sandbox';

import { GatewayConfig } from '../../src/config/config.js';
import { createGateway } from '../../src/gateway.js';
import { type CognitoPerson, cognitoPerson, type IamPerson, iamPerson, type Person } from './people.js';
import { type Passwords, type Reply, send, sendChange, type Sending } from './send-change.js';

/** Settings of a gateway, by the names of its variables. */
export type Settings = Readonly<Record<string, string>>;

/** A gateway in this process, and where it listens. */
export interface RunningGateway {
  readonly url: string;
  readonly close: () => Promise<void>;
}

/** Starts a gateway on a free port. */
export async function startGateway(settings: Settings): Promise<RunningGateway> {
  const app = await createGateway(new GatewayConfig({ PORT: '0', LOG_LEVEL: 'silent', ...settings }));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = await app.getUrl();
  // Asks for the token keys, so that no test races with their being fetched.
  await send(`${url}/health/ready`);
  let closed: Promise<void> | undefined;
  return { url, close: () => (closed ??= app.close()) };
}

/** A sandbox with one pool, and what a gateway must know of them. */
export class World {
  /** Gateways that end with this world. */
  private readonly gateways: RunningGateway[] = [];

  private constructor(
    readonly sandbox: AwsSandbox,
    readonly poolId: string,
  ) {}

  /** Starts a sandbox and makes a pool that locks nobody out. */
  static async start(): Promise<World> {
    const sandbox = await startAwsSandbox();
    return new World(sandbox, sandbox.cognito.createUserPool({ attemptLimit: false }).id);
  }

  /** A gateway's settings for this sandbox, limits off unless given. */
  settings(more: Settings = {}): Settings {
    return {
      COGNITO_USER_POOL_IDS: this.poolId,
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: this.sandbox.url,
      AWS_ENDPOINT_URL_IAM: this.sandbox.url,
      RATE_LIMIT_ADDRESS: 'off',
      RATE_LIMIT_IDENTITY: 'off',
      ...more,
    };
  }

  /** Starts a gateway in this process. */
  async gateway(more: Settings = {}): Promise<RunningGateway> {
    const gateway = await startGateway(this.settings(more));
    this.gateways.push(gateway);
    return gateway;
  }

  /** Ends the sandbox and the gateways. */
  async end(): Promise<void> {
    await Promise.all(this.gateways.map(({ close }) => close()));
    await this.sandbox.close();
  }

  cognitoUser(password?: string): CognitoPerson {
    return cognitoPerson(this.sandbox, this.poolId, password === undefined ? {} : { password });
  }

  iamUser(password?: string): IamPerson {
    return iamPerson(this.sandbox, password);
  }

  /** Somebody new at a provider. */
  user(provider: Person['provider']): CognitoPerson | IamPerson {
    return provider === 'cognito' ? this.cognitoUser() : this.iamUser();
  }
}

/** The two providers, for tests that hold for both. */
export const PROVIDERS = ['cognito', 'iam'] as const;

/** Sends a change with the credential of a person. */
export async function change(
  gateway: { readonly url: string },
  person: Pick<Person, 'authorise'>,
  passwords: Passwords,
  { headers, ...rest }: Sending = {},
): Promise<Reply> {
  return sendChange(gateway.url, passwords, {
    ...rest,
    headers: { ...(await person.authorise(passwords)), ...headers },
  });
}

/** From the first password to another good one. */
export const GOOD: Passwords = { currentPassword: 'Correct-Horse-1', newPassword: 'Battery-Staple-2' };

/** The same with a wrong current password. */
export const WRONG: Passwords = { currentPassword: 'Wrong-Horse-1', newPassword: 'Battery-Staple-2' };

/** To a password that every policy refuses. */
export const WEAK: Passwords = { currentPassword: 'Correct-Horse-1', newPassword: 'short' };
