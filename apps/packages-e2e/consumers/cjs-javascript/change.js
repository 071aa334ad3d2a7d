const { seedDemo, startAwsSandbox } = require('@password-gateway/aws-sandbox');
const { PasswordChangeError } = require('@password-gateway/errors');
const { CognitoPasswordProvider } = require('@password-gateway/provider-cognito');
const { IamPasswordProvider } = require('@password-gateway/provider-iam');
const { signIamPasswordChange } = require('@password-gateway/provider-iam/signer');
const { cognitoPasswordViolations } = require('@password-gateway/validators');

async function main() {
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
  const refusal = await cognito.changePassword(change).catch((error) => error);

  const passwords = { currentPassword: demo.iamPassword, newPassword: 'New-Staple-2' };
  const signedRequest = await signIamPasswordChange({ credentials: demo, ...passwords });
  await new IamPasswordProvider({ endpoint }).changePassword({ signedRequest, ...passwords });

  const facts = {
    cognito: sandbox.cognito.passwordMatches(demo.poolId, demo.username, 'New-Horse-2'),
    iam: sandbox.iam.passwordMatches(demo.iamUserName, 'New-Staple-2'),
    again: refusal instanceof PasswordChangeError ? refusal.code : undefined,
    violations: cognitoPasswordViolations(' a').map(({ code }) => code),
  };
  console.log(JSON.stringify(facts));
  await sandbox.close();
}

void main();
