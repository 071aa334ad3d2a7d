// (b) The app that a user would write: Express and the default client. It verifies nothing itself.
import {
  ChangePasswordCommand,
  CognitoIdentityProviderClient,
} from '@aws-sdk/client-cognito-identity-provider';
import express from 'express';
import { env } from 'node:process';

const client = new CognitoIdentityProviderClient({ region: 'us-east-1', endpoint: env.COGNITO_URL });
const app = express();
app.use(express.json());

app.get('/health/live', (_request, response) => {
  response.json({ status: 'live' });
});

app.post('/password/change', async (request, response) => {
  await client.send(
    new ChangePasswordCommand({
      AccessToken: request.headers.authorization.slice('Bearer '.length),
      PreviousPassword: request.body.currentPassword,
      ProposedPassword: request.body.newPassword,
    }),
  );
  response.json({ status: 'changed' });
});

app.listen(Number(env.PORT), '127.0.0.1');
