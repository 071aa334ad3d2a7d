// Signs an IAM password change here and sends it to a gateway. The secret key stays in this process.
import { signIamPasswordChange } from '@password-gateway/provider-iam/signer';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    gateway: { type: 'string', default: 'http://127.0.0.1:3000' },
    'access-key-id': { type: 'string', default: '' },
    'secret-access-key': { type: 'string', default: '' },
    'session-token': { type: 'string' },
    current: { type: 'string', default: '' },
    new: { type: 'string', default: '' },
  },
});
// A signature tells time in seconds. Two runs within one second would sign the very same request, and the gateway
// answers a repeated request with its first answer; the next second makes this run a new one.
await sleep(1000 - (Date.now() % 1000));
const passwords = { currentPassword: values.current, newPassword: values.new };
const signature = await signIamPasswordChange({
  credentials: {
    accessKeyId: values['access-key-id'],
    secretAccessKey: values['secret-access-key'],
    sessionToken: values['session-token'],
  },
  ...passwords,
});
const answer = await fetch(`${values.gateway}/password/change`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json', ...signature },
  body: JSON.stringify(passwords),
});
process.stdout.write(`${await answer.text()}\n`);
process.exitCode = answer.ok ? 0 : 1;
