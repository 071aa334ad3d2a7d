import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';

const { AWS_ACCESS_KEY_ID = '', AWS_SECRET_ACCESS_KEY = '', AWS_SESSION_TOKEN } = process.env;
const passwords = { currentPassword: 'Battery-Staple-1', newPassword: 'Another-Staple-2' };

// Runs in browsers too. The secret access key stays here; only the signature is sent.
const signature = await signIamPasswordChange({
  credentials: {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    sessionToken: AWS_SESSION_TOKEN,
  },
  ...passwords,
});
const answer = await fetch('http://127.0.0.1:3000/password/change', {
  method: 'POST',
  headers: { ...signature, 'Content-Type': 'application/json' },
  body: JSON.stringify(passwords),
});
console.log(answer.status, await answer.text());
