import { createHash, createHmac } from 'node:crypto';

const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = process.env;
const passwords = { currentPassword: 'Battery-Staple-1', newPassword: 'Another-Staple-2' };

const encode = (text) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`);
const sha256 = (text) => createHash('sha256').update(text).digest('hex');
const hmac = (key, text) => createHmac('sha256', key).update(text).digest();

// What is signed is the request to AWS; the gateway makes the same one from the JSON fields.
const body = `Action=ChangePassword&Version=2010-05-08&OldPassword=${encode(passwords.currentPassword)}&NewPassword=${encode(passwords.newPassword)}`;
const date = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
const scope = [date.slice(0, 8), 'us-east-1', 'iam', 'aws4_request'];
const headers = {
  'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
  host: 'iam.amazonaws.com',
  'x-amz-date': date,
  ...(AWS_SESSION_TOKEN && { 'x-amz-security-token': AWS_SESSION_TOKEN }),
};
const names = Object.keys(headers).join(';');
const lines = Object.entries(headers).map(([name, value]) => `${name}:${value}\n`);
const request = ['POST', '/', '', lines.join(''), names, sha256(body)].join('\n');
const key = scope.reduce(hmac, `AWS4${AWS_SECRET_ACCESS_KEY}`);
const toSign = ['AWS4-HMAC-SHA256', date, scope.join('/'), sha256(request)].join('\n');
const signature = hmac(key, toSign).toString('hex');

const answer = await fetch('http://127.0.0.1:3000/password/change', {
  method: 'POST',
  headers: {
    Authorization: `AWS4-HMAC-SHA256 Credential=${AWS_ACCESS_KEY_ID}/${scope.join('/')}, SignedHeaders=${names}, Signature=${signature}`,
    'X-Amz-Date': date,
    ...(AWS_SESSION_TOKEN && { 'X-Amz-Security-Token': AWS_SESSION_TOKEN }),
    'Content-Type': 'application/json',
  },
  body: JSON.stringify(passwords),
});
console.log(answer.status, await answer.text());
