import { fileURLToPath } from 'node:url';

const IAM_COMMAND = fileURLToPath(new URL('change-iam-password.mjs', import.meta.url));

/** What `npm start` prints: where things are, and one paste-ready command per provider. */
export function instructions({ url, sandboxUrl, demo }) {
  return `
Password Gateway   ${url}
  Swagger UI       ${url}/docs
  OpenAPI          ${url}/openapi.json
Local AWS          ${sandboxUrl}

Change the password of the Cognito user ${demo.username}:

  curl -sS ${url}/password/change -H 'Content-Type: application/json' -H 'Authorization: Bearer ${demo.accessToken}' -d '${body(demo.password, 'Another-Horse-2')}'

Change the password of the IAM user ${demo.iamUserName} (signed where the command runs, relayed by the gateway):

  '${process.execPath}' '${IAM_COMMAND}' --gateway ${url} --access-key-id ${demo.accessKeyId} --secret-access-key ${demo.secretAccessKey} --current '${demo.iamPassword}' --new 'Another-Staple-2'

For the request samples of the page:

  export ACCESS_TOKEN='${demo.accessToken}' AWS_ACCESS_KEY_ID='${demo.accessKeyId}' AWS_SECRET_ACCESS_KEY='${demo.secretAccessKey}'

Paste a command a second time and AWS says that the current password is incorrect. Ctrl-C ends both.
`;
}

function body(currentPassword, newPassword) {
  return JSON.stringify({ currentPassword, newPassword });
}
