import { Agent } from 'node:http';
import { connect } from 'node:net';
import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { IAMClient } from '@aws-sdk/client-iam';
import type { AwsSandbox } from '../src/sandbox.js';

/** Cognito's own client, pointed at the sandbox; one attempt per call. */
export function cognitoClient(sandbox: AwsSandbox): CognitoIdentityProviderClient {
  return new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint: sandbox.url, maxAttempts: 1 });
}

interface Keys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** IAM's own client, which believes to speak to `host` and whose connections go to the sandbox. */
export function iamClient(
  sandbox: AwsSandbox,
  credentials: Keys,
  host = 'iam.amazonaws.com',
  region = 'us-east-1',
): IAMClient {
  const { hostname, port } = new URL(sandbox.url);
  const httpAgent = new Agent();
  httpAgent.createConnection = () => connect(Number(port), hostname);
  const requestHandler = { httpAgent };
  return new IAMClient({ region, endpoint: `http://${host}`, credentials, maxAttempts: 1, requestHandler });
}

/** How a call of an SDK client failed. */
export interface Failure {
  readonly name: string;
  readonly message: string;
  readonly status: number | undefined;
}

/** What the SDK makes of the answer; throws when the call succeeds. */
export async function failureOf(call: Promise<unknown>): Promise<Failure> {
  try {
    await call;
  } catch (error) {
    const { name, message, $metadata } = error as Error & { $metadata?: { httpStatusCode?: number } };
    return { name, message, status: $metadata?.httpStatusCode };
  }
  throw new Error('the call succeeded');
}
