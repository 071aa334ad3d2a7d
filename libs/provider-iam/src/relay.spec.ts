import { USER_AGENT } from '@password-gateway/errors';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import { afterAll, beforeAll, expect, it } from '@jest/globals';

import { StubHandler, SUCCESS } from '../test/stub-handler.js';
import { IamPasswordProvider } from './iam-password-provider.js';
import { signIamPasswordChange } from './signer.js';

const PASSWORDS = { currentPassword: ' +&%~*', newPassword: 'ü\t\'"=/é e' };
const BODY =
  'Action=ChangePassword&Version=2010-05-08&OldPassword=%20%2B%26%25~%2A&NewPassword=%C3%BC%09%27%22%3D%2F%C3%A9%20e';
const KEYS = { accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'wJalrXUtnFEMI/K7MDENG' };

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

let received: Received[] = [];
let endpoint: string;

const server = createServer((request, response) => {
  void buffer(request).then((body) => {
    const { method, url, headers } = request;
    received.push({ method, url, headers, body: body.toString() });
    response.writeHead(200, { 'content-type': 'text/xml' }).end(SUCCESS);
  });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.close();
  server.closeAllConnections();
});

async function relay(sessionToken?: string, hash?: string) {
  const credentials = { ...KEYS, ...(sessionToken !== undefined && { sessionToken }) };
  const signed = await signIamPasswordChange({ ...PASSWORDS, credentials, partition: 'aws-cn' });
  const signedRequest = {
    ...signed,
    ...(hash !== undefined && { 'X-Amz-Content-Sha256': hash }),
    'X-Evil': 'canary',
  };
  received = [];
  const provider = new IamPasswordProvider({
    endpoint: `${endpoint}/ignored?Action=DeleteUser`,
    partitions: ['aws-cn'],
  });
  await provider.changePassword({ ...PASSWORDS, signedRequest });
  return { signed, received };
}

it('relays method, path, host, body and signed headers, and nothing else of the caller', async () => {
  const { signed } = await relay();
  expect(received).toEqual([
    {
      method: 'POST',
      url: '/',
      headers: {
        host: 'iam.cn-north-1.amazonaws.com.cn',
        'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
        'content-length': String(BODY.length),
        'x-amz-date': signed['X-Amz-Date'],
        authorization: signed.Authorization,
        'user-agent': USER_AGENT,
        connection: 'keep-alive',
      },
      body: BODY,
    },
  ]);
});

it('relays a session token; a content hash that was not signed is checked, and not relayed', async () => {
  const token = 'FwoGZXIvYXdzE+/=';
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(BODY));
  const hash = Buffer.from(bytes).toString('hex');
  await relay(token, hash);
  expect(received[0]?.headers).toMatchObject({ 'x-amz-security-token': token });
  expect(received[0]?.headers).not.toHaveProperty('x-amz-content-sha256');
});

it("goes to the partition's own endpoint over TLS where no other is given", async () => {
  const requestHandler = new StubHandler();
  const provider = new IamPasswordProvider({ requestHandler });
  await provider.changePassword({ ...PASSWORDS, credentials: KEYS });
  expect(requestHandler.request).toMatchObject({
    method: 'POST',
    protocol: 'https:',
    hostname: 'iam.amazonaws.com',
    path: '/',
    query: {},
    headers: { host: 'iam.amazonaws.com' },
  });
  expect(requestHandler.request).not.toHaveProperty('port');
});
