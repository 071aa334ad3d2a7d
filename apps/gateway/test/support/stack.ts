import { type AwsSandbox, type AwsSandboxOptions, startAwsSandbox } from '@password-gateway/aws-sandbox';

import { GatewayConfig } from '../../src/config/config.js';
import { createGateway } from '../../src/gateway.js';
import { AccessTokenVerifier } from '../../src/password/access-token-verifier.js';

type Pool = ReturnType<AwsSandbox['cognito']['createUserPool']>;
type PoolOptions = NonNullable<Parameters<AwsSandbox['cognito']['createUserPool']>[0]>;

/** How to start a {@link Stack}. */
export interface StackOptions {
  /** Variables of the gateway beyond those that point it to the sandbox. */
  readonly environment?: Readonly<Record<string, string>>;
  /** User pools to make and to allow; one with the default settings unless given. */
  readonly pools?: readonly PoolOptions[];
  readonly sandbox?: AwsSandboxOptions;
  /** Leaves the token keys unfetched and the endpoint for them broken. */
  readonly withoutTokenKeys?: boolean;
}

/** A gateway in this process, and the local AWS behind it; they talk over real HTTP. */
export interface Stack {
  readonly url: string;
  readonly app: Awaited<ReturnType<typeof createGateway>>;
  readonly sandbox: AwsSandbox;
  /** The first pool. */
  readonly pool: Pool;
  readonly pools: readonly Pool[];
  readonly close: () => Promise<void>;
}

/** Environment of a gateway that is quiet, has no limits of its own, and calls a sandbox. */
export function gatewayEnvironment(sandbox: AwsSandbox, pools: readonly Pool[]): Record<string, string> {
  return {
    PORT: '0',
    LOG_LEVEL: 'silent',
    RATE_LIMIT_ADDRESS: 'off',
    RATE_LIMIT_IDENTITY: 'off',
    COGNITO_USER_POOL_IDS: pools.map(({ id }) => id).join(','),
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: sandbox.url,
    AWS_ENDPOINT_URL_IAM: sandbox.url,
  };
}

/** Starts a sandbox and a gateway in front of it, ready to serve and with all counts at zero. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const sandbox = await startAwsSandbox(options.sandbox);
  const pools = (options.pools ?? [{}]).map((pool) => sandbox.cognito.createUserPool(pool));
  const environment = { ...gatewayEnvironment(sandbox, pools), ...options.environment };
  sandbox.jwks.fail(options.withoutTokenKeys === true);
  const app = await createGateway(new GatewayConfig(environment));
  await app.listen({ host: '127.0.0.1', port: 0 });
  const ready = await app.get(AccessTokenVerifier).ready();
  if (ready === options.withoutTokenKeys) throw new Error('the token keys are not in the state asked for');
  if (ready) sandbox.reset();
  const close = async (): Promise<void> => {
    await app.close();
    await sandbox.close();
  };
  return { url: await app.getUrl(), app, sandbox, pool: pools[0]!, pools, close };
}
