import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';

import { type CognitoPasswordChange, CognitoPasswordProvider } from '../src/index.js';
import { CognitoPasswordModule } from '../src/nest.js';

// Compiled by the typecheck target and never run: each @ts-expect-error fails the build once its line compiles.

const client = new CognitoIdentityProviderClient();
const passwords = { currentPassword: 'a', newPassword: 'b' };

/** Right ones. */
export const right = [
  new CognitoPasswordProvider({ region: 'eu-central-1' }),
  new CognitoPasswordProvider({ region: 'eu-central-1', endpoint: 'http://127.0.0.1', timeoutMs: 1000 }),
  new CognitoPasswordProvider({ endpoint: 'http://127.0.0.1' }),
  new CognitoPasswordProvider({ client, requestHandler: client.config.requestHandler }),
];

/** Right ones. */
export const changes: CognitoPasswordChange[] = [
  { accessToken: 'c', ...passwords, signal: AbortSignal.timeout(1000) },
  { accessToken: 'c', newPassword: 'b' },
];

// @ts-expect-error -- no place is named
new CognitoPasswordProvider({});

// @ts-expect-error -- a deadline is no place
new CognitoPasswordProvider({ timeoutMs: 1000 });

// @ts-expect-error -- a client has its own region
new CognitoPasswordProvider({ client, region: 'eu-central-1' });

// @ts-expect-error -- a client has its own endpoint
new CognitoPasswordProvider({ client, endpoint: 'http://127.0.0.1' });

// @ts-expect-error -- the unit is in the name
new CognitoPasswordProvider({ region: 'eu-central-1', timeout: 1000 });

// @ts-expect-error -- no access token
export const withoutToken: CognitoPasswordChange = passwords;

// @ts-expect-error -- no new password
export const withoutNew: CognitoPasswordChange = { accessToken: 'c', currentPassword: 'a' };

// @ts-expect-error -- a password is left out, not null
export const nullInstead: CognitoPasswordChange = { ...passwords, accessToken: 'c', currentPassword: null };

// @ts-expect-error -- the module wants what the provider wants
CognitoPasswordModule.forRoot({});

// @ts-expect-error -- and so does its factory
CognitoPasswordModule.forRootAsync({ useFactory: () => ({ timeoutMs: 1000 }) });
