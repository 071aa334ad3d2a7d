import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { changePasswordBody, signIamPasswordChange } from '@password-gateway/provider-iam';
import aws4 from 'aws4';
import { AwsClient } from 'aws4fetch';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, request as httpRequest, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import type { IamPerson } from './support/people.js';
import { type Reply, send, sendChange } from './support/send-change.js';
import { change, GOOD, PROVIDERS, type RunningGateway, startGateway, World } from './support/world.js';

const PASSWORDS = { currentPassword: GOOD.currentPassword ?? '', newPassword: GOOD.newPassword };
const BODY = changePasswordBody(PASSWORDS);
const FORM = 'application/x-www-form-urlencoded';

/** AWS behind a firewall that takes nobody without a `User-Agent`, and what came through. */
class Firewall {
  readonly seen: { readonly url: string; readonly agent: string | undefined; readonly host: string }[] = [];
  private readonly server: Server;

  constructor(target: string) {
    this.server = createServer((incoming, outgoing) => {
      const { url = '', method, headers } = incoming;
      this.seen.push({ url, agent: headers['user-agent'], host: headers.host ?? '' });
      if (headers['user-agent'] === undefined) {
        outgoing.writeHead(403, { 'x-amzn-waf-action': 'block' }).end();
        return;
      }
      const { hostname, port } = new URL(target);
      const sent = httpRequest({ hostname, port, path: url, method, headers }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(outgoing);
      });
      incoming.pipe(sent);
    });
  }

  async listen(): Promise<string> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  end(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

describe('what signers and clients send', () => {
  let world: World;
  let firewall: Firewall;
  let person: IamPerson;
  const gateways: RunningGateway[] = [];

  beforeAll(async () => {
    world = await World.start();
    firewall = new Firewall(world.sandbox.url);
  });

  beforeEach(() => {
    world.sandbox.reset();
    person = world.iamUser();
    firewall.seen.length = 0;
  });

  afterEach(async () => {
    await Promise.all(gateways.splice(0).map(({ close }) => close()));
  });

  afterAll(async () => {
    firewall.end();
    await world.end();
  });

  async function start(settings: Readonly<Record<string, string>> = {}): Promise<RunningGateway> {
    const gateway = await startGateway(world.settings(settings));
    gateways.push(gateway);
    return gateway;
  }

  /** A form by the HTTP proxy setting of a client: the absolute target names AWS. */
  function byProxy(
    { url }: RunningGateway,
    host: string,
    headers: Readonly<Record<string, string>>,
  ): Promise<Reply> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      const sent = httpRequest(
        { hostname, port, method: 'POST', path: `http://${host}/`, headers: { ...headers, host } },
        (answer) => {
          let text = '';
          answer.on('data', (chunk) => (text += String(chunk)));
          answer.on('end', () => {
            resolve({ status: answer.statusCode ?? 0, headers: {}, text, json: {}, milliseconds: 0 });
          });
        },
      );
      sent.on('error', reject);
      sent.end(BODY);
    });
  }

  /** A ChangePassword of Amazon Cognito as its clients send it. */
  async function nativeCall(
    { url }: RunningGateway,
    members: object,
    headers: Readonly<Record<string, string>>,
  ): Promise<{ reply: Reply; changed: boolean }> {
    const native = world.cognitoUser();
    const reply = await send(`${url}/password/change`, {
      method: 'POST',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.ChangePassword',
        ...headers,
      },
      body: JSON.stringify({
        AccessToken: native.accessToken,
        PreviousPassword: PASSWORDS.currentPassword,
        ProposedPassword: PASSWORDS.newPassword,
        ...members,
      }),
    });
    return { reply, changed: native.has(PASSWORDS.newPassword) };
  }

  it('a firewall that wants a User-Agent lets changes, relays and the token keys through', async () => {
    const address = await firewall.listen();
    const gateway = await start({
      AWS_ENDPOINT_URL_COGNITO_IDENTITY_PROVIDER: address,
      AWS_ENDPOINT_URL_IAM: address,
      AWS_COMPATIBLE_ENDPOINT: 'true',
    });
    for (const provider of PROVIDERS) {
      expect(await change(gateway, world.user(provider), GOOD)).toMatchObject({ status: 200 });
    }
    expect(new Set(firewall.seen.map(({ agent }) => agent))).toEqual(new Set(['password-gateway/0.1.0']));
    expect(firewall.seen.map(({ url }) => url)).toContain(`/${world.poolId}/.well-known/jwks.json`);

    const { reply } = await nativeCall(gateway, {}, { 'user-agent': 'aws-sdk-go/1.44' });
    expect(reply).toMatchObject({ status: 200 });
    expect(firewall.seen.at(-1)?.agent).toBe('password-gateway/0.1.0 aws-sdk-go/1.44');
  });

  it('aws4 signs content-length, and a type without charset', async () => {
    const gateway = await start();
    const { accessKeyId, secretAccessKey } = person.credentials;
    const { headers = {} } = aws4.sign(
      {
        service: 'iam',
        host: 'iam.amazonaws.com',
        path: '/',
        method: 'POST',
        body: BODY,
        headers: { 'Content-Type': FORM },
      },
      { accessKeyId, secretAccessKey },
    );
    const signed = headers as Record<string, string>;
    expect(signed['Authorization']).toContain('SignedHeaders=content-length;content-type;host;x-amz-date');
    const reply = await sendChange(gateway.url, GOOD, {
      headers: {
        authorization: signed['Authorization'] ?? '',
        'x-amz-date': signed['X-Amz-Date'] ?? '',
        'x-signed-content-type': FORM,
      },
    });
    expect(reply).toMatchObject({ status: 200 });
    expect(person.has(PASSWORDS.newPassword)).toBe(true);
  });

  it('aws4fetch signs a type without charset', async () => {
    const gateway = await start();
    const { accessKeyId, secretAccessKey } = person.credentials;
    const client = new AwsClient({ accessKeyId, secretAccessKey, service: 'iam', region: 'us-east-1' });
    const signed = await client.sign('https://iam.amazonaws.com/', {
      method: 'POST',
      headers: { 'content-type': FORM },
      body: BODY,
      aws: { allHeaders: true },
    });
    expect(signed.headers.get('authorization')).toContain('SignedHeaders=content-type;host;');
    const hash = signed.headers.get('x-amz-content-sha256');
    const reply = await sendChange(gateway.url, GOOD, {
      headers: {
        authorization: signed.headers.get('authorization') ?? '',
        'x-amz-date': signed.headers.get('x-amz-date') ?? '',
        ...(hash !== null && { 'x-amz-content-sha256': hash }),
        'x-signed-content-type': FORM,
      },
    });
    expect(reply).toMatchObject({ status: 200 });
  });

  it.each(['iam.global.api.aws', 'iam-fips.amazonaws.com', 'iam-fips.global.api.aws'])(
    'the host %s, signed and named, and by proxy as it was signed',
    async (host) => {
      const gateway = await start({ AWS_COMPATIBLE_ENDPOINT: 'true' });
      const variant = {
        useFipsEndpoint: host.includes('fips'),
        useDualstackEndpoint: host.endsWith('api.aws'),
      };
      const { credentials } = person;
      const named = await signIamPasswordChange({ ...PASSWORDS, credentials, ...variant });
      expect(named).toMatchObject({ 'X-Signed-Host': host });
      expect(await sendChange(gateway.url, GOOD, { headers: { ...named } })).toMatchObject({
        status: 200,
      });

      const other = world.iamUser();
      const { accessKeyId, secretAccessKey } = other.credentials;
      const { headers = {} } = aws4.sign(
        {
          service: 'iam',
          region: 'us-east-1',
          host,
          path: '/',
          method: 'POST',
          body: BODY,
          headers: { 'Content-Type': FORM },
        },
        { accessKeyId, secretAccessKey },
      );
      expect(await byProxy(gateway, host, headers as Record<string, string>)).toMatchObject({ status: 200 });
      expect(other.has(PASSWORDS.newPassword)).toBe(true);
    },
  );

  it('AWS_USE_FIPS_ENDPOINT makes the FIPS host the one that counts as signed', async () => {
    const gateway = await start({ AWS_USE_FIPS_ENDPOINT: 'true' });
    const { 'X-Signed-Host': host, ...signed } = await signIamPasswordChange({
      ...PASSWORDS,
      credentials: person.credentials,
      useFipsEndpoint: true,
    });
    expect(host).toBe('iam-fips.amazonaws.com');
    expect(await sendChange(gateway.url, GOOD, { headers: { ...signed } })).toMatchObject({
      status: 200,
    });
  });

  it.each([
    ['Postman', { accept: '*/*', 'cache-control': 'no-cache', 'postman-token': 'a-token' }],
    ['the Java SDK v1', { 'user-agent': 'aws-sdk-java/1.12', 'amz-sdk-retry': '0/0/500' }],
    ['a client that takes compressed answers', { 'accept-encoding': 'gzip, deflate' }],
  ])('by proxy what %s signs goes to AWS as it came', async (_who, more) => {
    const gateway = await start({ AWS_COMPATIBLE_ENDPOINT: 'true' });
    const { accessKeyId, secretAccessKey } = person.credentials;
    const host = 'iam.amazonaws.com';
    const { headers = {} } = aws4.sign(
      {
        service: 'iam',
        host,
        path: '/',
        method: 'POST',
        body: BODY,
        headers: { 'Content-Type': FORM, ...more },
      },
      { accessKeyId, secretAccessKey },
    );
    const signed = headers as Record<string, string>;
    const names = /SignedHeaders=([^,]+)/.exec(signed['Authorization'] ?? '')?.[1]?.split(';');
    expect(names?.some((name) => name in more)).toBe(true);
    expect(await byProxy(gateway, host, signed)).toMatchObject({ status: 200 });
    expect(person.has(PASSWORDS.newPassword)).toBe(true);
  });

  describe('a native call of Amazon Cognito', () => {
    const signature = (service: string): Readonly<Record<string, string>> => ({
      authorization: `AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20261127/us-east-1/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=${'a'.repeat(64)}`,
      'x-amz-date': '20261127T101112Z',
    });

    it.each<[string, object, Readonly<Record<string, string>>]>([
      ['ClientMetadata', { ClientMetadata: { theme: 'dark' } }, {}],
      ['SecretHash', { SecretHash: 'a hash' }, {}],
      ['a signature for cognito-idp', {}, signature('cognito-idp')],
      ['and its session token', {}, { ...signature('cognito-idp'), 'x-amz-security-token': 'a-token' }],
    ])('with %s is carried out without it', async (_what, members, headers) => {
      expect(await nativeCall(await start(), members, headers)).toMatchObject({
        reply: { status: 200 },
        changed: true,
      });
    });

    it.each<[string, Readonly<Record<string, string>>]>([
      ['a signature for IAM', signature('iam')],
      ['a Bearer token', { authorization: 'Bearer a.b.c' }],
      ['a session token alone', { 'x-amz-security-token': 'a-token' }],
    ])('with %s is refused: two credentials', async (_what, headers) => {
      const { reply, changed } = await nativeCall(await start(), {}, headers);
      expect([reply.headers['x-problem-code'], changed]).toEqual(['credential_malformed', false]);
      expect(world.sandbox.callCount).toBe(0);
    });
  });

  describe('a password that common encoders write otherwise', () => {
    const newPassword = "Battery Staple*2!'(~)";
    const encoders: readonly (readonly [string, (value: string) => string])[] = [
      ['encodeURIComponent', encodeURIComponent],
      ['URLSearchParams', (value) => new URLSearchParams([['', value]]).toString().slice(1)],
    ];

    it.each(encoders)('%s: the hash of the content proves what was signed', async (_name, encode) => {
      const gateway = await start();
      const body = `Action=ChangePassword&Version=2010-05-08&OldPassword=${encode(PASSWORDS.currentPassword)}&NewPassword=${encode(newPassword)}`;
      const { accessKeyId, secretAccessKey } = person.credentials;
      const client = new AwsClient({ accessKeyId, secretAccessKey, service: 'iam', region: 'us-east-1' });
      const hash = createHash('sha256').update(body).digest('hex');
      const { headers } = await client.sign('https://iam.amazonaws.com/', {
        method: 'POST',
        headers: { 'x-amz-content-sha256': hash, 'content-type': `${FORM}; charset=utf-8` },
        body,
      });
      const signed = {
        authorization: headers.get('authorization') ?? '',
        'x-amz-date': headers.get('x-amz-date') ?? '',
      };
      const passwords = { ...PASSWORDS, newPassword };
      const withHash = { ...signed, 'x-amz-content-sha256': hash };
      expect(await sendChange(gateway.url, passwords, { headers: withHash })).toMatchObject({ status: 200 });
      expect(person.has(newPassword)).toBe(true);
    });
  });
});
