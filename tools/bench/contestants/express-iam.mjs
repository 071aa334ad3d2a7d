// The app that a user would write for IAM: Express and the default client, with keys that the server holds.
import { ChangePasswordCommand, IAMClient } from '@aws-sdk/client-iam';
import express from 'express';
import { env } from 'node:process';

const client = new IAMClient({
  region: 'us-east-1',
  endpoint: env.IAM_URL,
  credentials: { accessKeyId: 'AKIABENCHMARK0000000', secretAccessKey: 'bench' },
});
const app = express();
app.use(express.json());

app.get('/health/live', (_request, response) => {
  response.json({ status: 'live' });
});

app.post('/password/change', async (request, response) => {
  await client.send(
    new ChangePasswordCommand({
      OldPassword: request.body.currentPassword,
      NewPassword: request.body.newPassword,
    }),
  );
  response.json({ status: 'changed' });
});

app.listen(Number(env.PORT), '127.0.0.1');
