import { type AwsSandbox, type DemoData, seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';

import { GatewayConfig } from '../../src/config/config.js';
import { createGateway } from '../../src/gateway.js';

/** What `npm start` runs, in this process: a sandbox with demo users, and a gateway whose page offers them. */
export interface DemoStack {
  readonly url: string;
  readonly sandbox: AwsSandbox;
  readonly demo: DemoData;
  readonly close: () => Promise<void>;
}

/**
 * Starts both.
 *
 * @param port of the gateway; any free one unless given
 * @param environment of the gateway beyond what points it to the sandbox
 */
export async function startDemoStack(
  port = 0,
  environment: Readonly<Record<string, string>> = {},
): Promise<DemoStack> {
  const sandbox = await startAwsSandbox();
  const demo = seedDemo(sandbox);
  const config = new GatewayConfig({
    LOG_LEVEL: 'silent',
    RATE_LIMIT_ADDRESS: 'off',
    RATE_LIMIT_IDENTITY: 'off',
    COGNITO_USER_POOL_IDS: demo.poolId,
    AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: sandbox.url,
    AWS_ENDPOINT_URL_IAM: sandbox.url,
    DOCS_SANDBOX_URL: sandbox.url,
    ...environment,
  });
  const app = await createGateway(config);
  await app.listen({ host: '127.0.0.1', port });
  const close = async (): Promise<void> => {
    await app.close();
    await sandbox.close();
  };
  return { url: await app.getUrl(), sandbox, demo, close };
}
