import { PasswordChangeError, problemDefinition } from '@password-gateway/errors';
import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';
import { iamPasswordViolations } from '@password-gateway/validators';

/** Signs a change where the key is, and lets the service send it. */
globalThis.changePassword = async (credentials, passwords) => {
  const violations = iamPasswordViolations(passwords.newPassword);
  if (violations.length > 0) return violations;
  const signedRequest = await signIamPasswordChange({ credentials, ...passwords });
  const answer = await fetch('/change', {
    method: 'POST',
    body: JSON.stringify({ signedRequest, ...passwords }),
  });
  if (answer.ok) return 'changed';
  const { code } = await answer.json();
  return new PasswordChangeError(code).message === problemDefinition(code).detail ? code : 'another table';
};
