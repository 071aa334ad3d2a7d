// Changes passwords with the AWS SDK for JavaScript: one JSON object per line in, one per line out.
//
// In: { service: 'cognito-idp' | 'iam', client: { arguments of the client }, proxy?: URL, input: { … } }. Nothing of the
// code knows of the gateway: `client.endpoint` and `proxy` lead to it.
//
// Out: { raised: name of the exception or null, modelled: whether the SDK has a class for it, message: its text }.
import * as cognito from '@aws-sdk/client-cognito-identity-provider';
import * as iam from '@aws-sdk/client-iam';
import { Agent } from 'node:http';
import { createInterface } from 'node:readline';

// An older Node ignores `proxyEnv` and would call AWS itself, in clear.
const [major, minor] = process.versions.node.split('.').map(Number);
const knowsProxies = major > 24 || (major === 24 && minor >= 5);

const SERVICES = {
  'cognito-idp': { Client: cognito.CognitoIdentityProviderClient, sdk: cognito },
  iam: { Client: iam.IAMClient, sdk: iam },
};

async function change({ service, client, proxy, input }) {
  if (proxy !== undefined && !knowsProxies) throw new Error('proxyEnv needs Node 24.5');
  const { Client, sdk } = SERVICES[service];
  const httpAgent = new Agent(proxy === undefined ? {} : { proxyEnv: { HTTP_PROXY: proxy } });
  const changer = new Client({ region: 'us-east-1', requestHandler: { httpAgent }, ...client });
  try {
    await changer.send(new sdk.ChangePasswordCommand(input));
  } catch (error) {
    // What `error instanceof X` tells.
    const modelled = sdk[error.name] !== undefined && error instanceof sdk[error.name];
    return { raised: error.name, modelled, message: error.message };
  } finally {
    changer.destroy();
  }
  return { raised: null, modelled: false, message: '' };
}

process.stdout.write(`${JSON.stringify({ version: process.versions.node })}\n`);
for await (const line of createInterface({ input: process.stdin })) {
  process.stdout.write(`${JSON.stringify(await change(JSON.parse(line)))}\n`);
}
