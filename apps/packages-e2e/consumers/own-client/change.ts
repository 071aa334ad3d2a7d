import { CognitoIdentityProviderClient } from '@aws-sdk/client-cognito-identity-provider';
import { IAMClient } from '@aws-sdk/client-iam';
import { seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';
import { PasswordChangeError } from '@password-gateway/errors';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';
import { IamPasswordProvider } from '@password-gateway/provider-iam';

const sandbox = await startAwsSandbox();
const demo = seedDemo(sandbox);
const place = { region: demo.region, endpoint: sandbox.url };

const cognito = new CognitoPasswordProvider({ client: new CognitoIdentityProviderClient(place) });
const iam = new IamPasswordProvider({ client: new IAMClient(place) });

const cognitoChange = {
  accessToken: demo.accessToken,
  currentPassword: demo.password,
  newPassword: 'New-Horse-2',
};
const iamChange = { credentials: demo, currentPassword: demo.iamPassword, newPassword: 'New-Staple-2' };

const codes: unknown[] = [];
for (const change of [
  () => cognito.changePassword(cognitoChange),
  () => iam.changePassword(iamChange),
  () => cognito.changePassword(cognitoChange),
  () => iam.changePassword(iamChange),
]) {
  try {
    codes.push((await change()).provider);
  } catch (error) {
    codes.push(error instanceof PasswordChangeError ? error.code : error);
  }
}
console.log(JSON.stringify(codes));
await sandbox.close();
