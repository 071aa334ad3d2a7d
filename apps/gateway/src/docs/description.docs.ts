import { IAM_PARTITIONS } from '@password-gateway/provider-iam';

import { DIALECTS } from './dialects.docs.js';
import { FIELD_RULES } from './field-rules.docs.js';

const OTHER_PARTITIONS = [IAM_PARTITIONS['aws-cn'], IAM_PARTITIONS['aws-us-gov']]
  .map(({ host, signingRegion }) => `\`${host}\` in \`${signingRegion}\``)
  .join(' and ');

/** The description of the operation, in Markdown: everything that a caller has to know, in the order of a call. */
export const DESCRIPTION = `Changes the password of **the caller**. The credential picks the provider; nobody can change another one's password here.

### Credentials

Send one of the two. Two credentials, or a part of one beside the other, are refused.

**Amazon Cognito user:** \`Authorization: Bearer <access token>\`. The access token, not the ID token, that the user got when signing in. It needs the scope \`aws.cognito.signin.user.admin\`, which tokens of a sign-in through the API have by themselves. A user with a temporary password from an administrator has no access token yet: the password is set during the sign-in, in answer to the challenge \`NEW_PASSWORD_REQUIRED\` (\`RespondToAuthChallenge\`), and not here.

**AWS IAM user:** \`Authorization: AWS4-HMAC-SHA256 …\` with \`X-Amz-Date\`, and with temporary keys also \`X-Amz-Security-Token\`. This is the signature (AWS Signature Version 4) of the request that the gateway will send to AWS:

\`\`\`text
POST / HTTP/1.1
host: iam.amazonaws.com
content-type: application/x-www-form-urlencoded; charset=utf-8
x-amz-date: 20261120T224907Z
x-amz-security-token: …          (with temporary keys)

Action=ChangePassword&Version=2010-05-08&OldPassword=…&NewPassword=…
\`\`\`

Both passwords are percent-encoded as in RFC 3986: every byte of their UTF-8 but \`A-Z a-z 0-9 - _ . ~\` becomes \`%XX\`. Region \`us-east-1\`, service \`iam\`; in another partition the host and region of its IAM, such as ${OTHER_PARTITIONS}. The gateway makes the same bytes from the JSON fields and relays them with your signature; **your secret access key stays with you**. The page at \`/docs\` signs in the browser. A signature is taken for 15 minutes and serves once.

${DIALECTS}

${FIELD_RULES}

### Outcomes

Every failure says in \`outcome\` what became of the password: \`unchanged\`, or \`unknown\` where the request may have reached AWS and no readable answer came back. Changing a password is not idempotent: after \`unknown\` do not send the change again, sign in with the new password to find out. \`code\` says what happened, \`next\` what to do, \`retryable\` whether the same request can succeed later (after \`Retry-After\` seconds), and \`type\` leads to a page about it. All codes are listed at [problems](problems).

With an \`Idempotency-Key\` a retry is safe: for 24 hours the same key with the same request is answered with the first answer, and AWS is called once. For IAM the same request has the same signature.`;
