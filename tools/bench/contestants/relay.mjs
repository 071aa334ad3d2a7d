// (d) A bare relay: Fastify, a validated body, undici; and (e), with VERIFY=true, the same that verifies each token.
import { CognitoJwtVerifier } from 'aws-jwt-verify';
import Fastify from 'fastify';
import { env } from 'node:process';
import { Pool } from 'undici';

const { COGNITO_URL, IAM_URL, POOL_ID, VERIFY } = env;

// As many as the gateway has, so that in the crowd both hold as many changes in flight.
const CONNECTIONS = 2_500;

const cognito = new Pool(COGNITO_URL, { connections: CONNECTIONS });
const iam = new Pool(IAM_URL, { connections: CONNECTIONS });

let verifier;
if (VERIFY === 'true') {
  verifier = CognitoJwtVerifier.create({
    userPoolId: POOL_ID,
    tokenUse: 'access',
    clientId: null,
    scope: 'aws.cognito.signin.user.admin',
  });
  const answer = await fetch(`${COGNITO_URL}/${POOL_ID}/.well-known/jwks.json`);
  verifier.cacheJwks(await answer.json());
}

const SCHEMA = {
  body: {
    type: 'object',
    required: ['currentPassword', 'newPassword'],
    additionalProperties: false,
    properties: {
      currentPassword: { type: 'string', minLength: 1, maxLength: 256 },
      newPassword: { type: 'string', minLength: 1, maxLength: 256 },
    },
  },
};

const app = Fastify({ logger: false });

app.get('/health/live', () => ({ status: 'live' }));

app.post('/password/change', { schema: SCHEMA }, async ({ headers, body }, reply) => {
  const { statusCode, body: answer } = headers.authorization.startsWith('Bearer ')
    ? await changeCognito(headers.authorization.slice(7), body)
    : await changeIam(headers, body);
  await answer.text();
  return reply.code(statusCode === 200 ? 200 : 502).send({ status: 'changed' });
});

async function changeCognito(token, { currentPassword, newPassword }) {
  await verifier?.verify(token);
  return cognito.request({
    method: 'POST',
    path: '/',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': 'AWSCognitoIdentityProviderService.ChangePassword',
    },
    body: JSON.stringify({
      AccessToken: token,
      PreviousPassword: currentPassword,
      ProposedPassword: newPassword,
    }),
  });
}

function changeIam(headers, { currentPassword, newPassword }) {
  return iam.request({
    method: 'POST',
    path: '/',
    headers: {
      host: 'iam.amazonaws.com',
      'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
      'x-amz-date': headers['x-amz-date'],
      authorization: headers.authorization,
    },
    body: `Action=ChangePassword&Version=2010-05-08&OldPassword=${encodeURIComponent(currentPassword)}&NewPassword=${encodeURIComponent(newPassword)}`,
  });
}

await app.listen({ port: Number(env.PORT), host: '127.0.0.1' });
