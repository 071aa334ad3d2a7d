// Loaded into a gateway process with --import: a bug of the worst kind, whose text quotes everything that was sent.
import { CognitoPasswordProvider } from '@password-gateway/provider-cognito';

const { changePassword } = CognitoPasswordProvider.prototype;

CognitoPasswordProvider.prototype.changePassword = function (change) {
  if (change.newPassword.includes('BUG')) throw new TypeError(`cannot read ${JSON.stringify(change)}`);
  return changePassword.call(this, change);
};
