import { seedDemo, startAwsSandbox } from '@password-gateway/aws-sandbox';
import { PasswordChangeError, type ProblemCode } from '@password-gateway/errors';
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';
import { IamPasswordProvider } from '@password-gateway/provider-iam';
import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';
import { cognitoPasswordViolations } from '@password-gateway/validators';

async function main(): Promise<void> {
  const sandbox = await startAwsSandbox();
  const demo = seedDemo(sandbox);
  const endpoint = sandbox.url;

  const cognito = new CognitoPasswordProvider({ endpoint });
  const change = {
    accessToken: demo.accessToken,
    currentPassword: demo.password,
    newPassword: 'New-Horse-2',
  };
  await cognito.changePassword(change);
  const refusal: unknown = await cognito.changePassword(change).catch((error: unknown) => error);
  const code: ProblemCode | undefined = refusal instanceof PasswordChangeError ? refusal.code : undefined;

  const passwords = { currentPassword: demo.iamPassword, newPassword: 'New-Staple-2' };
  const signedRequest = await signIamPasswordChange({ credentials: demo, ...passwords });
  await new IamPasswordProvider({ endpoint }).changePassword({ signedRequest, ...passwords });

  const facts = {
    cognito: sandbox.cognito.passwordMatches(demo.poolId, demo.username, 'New-Horse-2'),
    iam: sandbox.iam.passwordMatches(demo.iamUserName, 'New-Staple-2'),
    again: code,
    violations: cognitoPasswordViolations(' a').map((violation) => violation.code),
  };
  console.log(JSON.stringify(facts));
  await sandbox.close();
}

void main();
