import { IAMClient } from '@aws-sdk/client-iam';

import { IamPasswordProvider, type SignedIamRequest, signIamPasswordChange } from '../src/index.js';
import { IamPasswordModule } from '../src/nest.js';

// Compiled by the typecheck target and never run: each @ts-expect-error fails the build once its line compiles.

const client = new IAMClient();
const provider = new IamPasswordProvider();
const passwords = { currentPassword: 'a', newPassword: 'b' };
const credentials = { accessKeyId: 'c', secretAccessKey: 'd' };
declare const signedRequest: SignedIamRequest;

/** Right ones. */
export const right = [
  provider.changePassword({ ...passwords, signedRequest, signal: AbortSignal.timeout(1000) }),
  provider
    .prepare(provider.check(signedRequest), passwords)
    .then((change) => change.send(AbortSignal.timeout(1000))),
  provider.changePassword({ ...passwords, credentials }),
  provider.changePassword({ ...passwords, credentials, partition: 'aws-cn' }),
  new IamPasswordProvider({ client, timeoutMs: 1000 }),
  new IamPasswordProvider({ endpoint: 'http://127.0.0.1', partitions: ['aws', 'aws-us-gov'] }),
];

// @ts-expect-error -- IAM always needs the current password
void provider.changePassword({ newPassword: 'b', signedRequest });

// @ts-expect-error -- IAM always needs the current password
void provider.changePassword({ newPassword: 'b', credentials });

// @ts-expect-error -- undefined is no password
void provider.changePassword({ currentPassword: undefined, newPassword: 'b', credentials });

// @ts-expect-error -- nobody signs
void provider.changePassword(passwords);

// @ts-expect-error -- two sign
void provider.changePassword({ ...passwords, signedRequest, credentials });

// @ts-expect-error -- what nobody checked is not prepared
void provider.prepare(signedRequest, passwords);

// @ts-expect-error -- a signed request names its partition itself
void provider.changePassword({ ...passwords, signedRequest, partition: 'aws' });

// @ts-expect-error -- no such partition
void provider.changePassword({ ...passwords, credentials, partition: 'aws-moon' });

// @ts-expect-error -- half a key
void provider.changePassword({ ...passwords, credentials: { accessKeyId: 'c' } });

// @ts-expect-error -- a signer needs the current password too
void signIamPasswordChange({ credentials, newPassword: 'b' });

// @ts-expect-error -- a client has its own endpoint
new IamPasswordProvider({ client, endpoint: 'http://127.0.0.1' });

// @ts-expect-error -- IAM has partitions and no regions
new IamPasswordProvider({ region: 'eu-central-1' });

// @ts-expect-error -- the module wants what the provider wants
IamPasswordModule.forRoot({ partitions: ['aws-moon'] });
