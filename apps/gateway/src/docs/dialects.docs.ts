/** The part of the operation's description on the forms that a request can have, in Markdown. */
export const DIALECTS = `### Dialects

The documented body is \`application/json\` in UTF-8, with the fields below and no others. AWS's own clients may call the same route in theirs, told apart by content type and \`X-Amz-Target\`:

| body | credential | answer |
|---|---|---|
| \`application/json\`: \`{ "currentPassword", "newPassword" }\` | as above | JSON; failures as problem details |
| \`application/x-amz-json-1.1\` or \`application/json\`, with \`X-Amz-Target: AWSCognitoIdentityProviderService.ChangePassword\` | \`AccessToken\` in the body, no \`Authorization\` | \`{}\`; failures as exceptions of Amazon Cognito |
| \`application/x-www-form-urlencoded\`, the IAM call as it was signed | the signature | XML of AWS IAM |

Native failures come as the closest exception that the client knows, with the problem code in \`X-Problem-Code\` and never with a status that an SDK repeats on its own. Cognito clients are led here by their endpoint URL, \`…/password/change\`. An IAM client signs the host that it is pointed at, so it comes by its HTTP proxy setting, where \`AWS_COMPATIBLE_ENDPOINT\` permits that. The page at \`/docs\` adds your credential to the documented body alone.`;
