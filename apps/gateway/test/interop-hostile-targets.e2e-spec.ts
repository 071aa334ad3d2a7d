import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { HostileWorld, INCOMPLETE, INVALID_FORM } from './interop/hostile.js';
import { expectNativeFailure, expectNativeSuccess, type NativeFailure } from './interop/native-answer.js';
import { cognitoRequest, iamRequest } from './interop/native-request.js';
import { type RawRequest, sendRaw } from './interop/raw-request.js';
import { expectProblem } from './support/expect-problem.js';
import { FIRST_PASSWORD } from './support/people.js';
import { sendBytes } from './support/raw-socket.js';
import type { RunningGateway } from './support/world.js';

let hostile: HostileWorld;

beforeAll(async () => {
  hostile = await HostileWorld.start();
});

afterAll(() => hostile.end());

const IAM_HOST = 'iam.amazonaws.com';
const COGNITO_HOST = 'cognito-idp.us-east-1.amazonaws.com';

const NO_ROUTE: NativeFailure = { form: 'iam', name: 'ValidationError', code: 'route_not_found' };
const NO_ROUTE_COGNITO: NativeFailure = {
  form: 'cognito',
  name: 'InvalidParameterException',
  code: 'route_not_found',
};

/** Requests that are right but for where they go. */
const iamAt = (requestLine: string, host = IAM_HOST): RawRequest => ({
  ...iamRequest(hostile.iam, { host }),
  requestLine,
});
const cognitoAt = (requestLine: string, host: string): RawRequest => ({
  ...cognitoRequest(hostile.cognito, { host }),
  requestLine,
});

describe('what the hostile cases are made of is taken', () => {
  const always = ['POST /password/change', 'POST /password/change/'];
  const onlyOn = (host: string): string[] => ['POST /', `POST http://${host}/`, `POST http://${host}`];

  async function expectTaken(gateway: RunningGateway, form: 'cognito' | 'iam', requestLine: string) {
    const person = form === 'iam' ? hostile.world.iamUser() : hostile.world.cognitoUser();
    const before = hostile.calls;
    const request = 'sub' in person ? cognitoRequest(person) : iamRequest(person);
    expectNativeSuccess(await sendRaw(gateway, { ...request, requestLine }), form);
    expect({ calls: hostile.calls - before, old: person.has(FIRST_PASSWORD) }).toEqual({
      calls: 1,
      old: false,
    });
  }

  it.each([...always, ...onlyOn(IAM_HOST)])('IAM, %s', (requestLine) =>
    expectTaken(hostile.on, 'iam', requestLine),
  );

  it.each([...always, ...onlyOn(COGNITO_HOST)])('Cognito, %s', (requestLine) =>
    expectTaken(hostile.on, 'cognito', requestLine),
  );

  it.each(always)('%s, without AWS_COMPATIBLE_ENDPOINT', async (requestLine) => {
    await expectTaken(hostile.off, 'iam', requestLine);
    await expectTaken(hostile.off, 'cognito', requestLine);
  });
});

describe('without AWS_COMPATIBLE_ENDPOINT', () => {
  it.each(['POST /', `POST http://${IAM_HOST}/`, `POST http://${IAM_HOST}`])(
    'IAM, %s',
    async (requestLine) => {
      const before = hostile.calls;
      expectNativeFailure(await sendRaw(hostile.off, iamAt(requestLine)), NO_ROUTE);
      expect(hostile.calls).toBe(before);
    },
  );

  it.each(['POST /', `POST http://${COGNITO_HOST}/`])('Cognito, %s', async (requestLine) => {
    const before = hostile.calls;
    expectNativeFailure(await sendRaw(hostile.off, cognitoAt(requestLine, COGNITO_HOST)), NO_ROUTE_COGNITO);
    expect(hostile.calls).toBe(before);
  });
});

describe('query strings', () => {
  it.each(['/password/change?Action=DeleteUser', '/password/change?', '/password/change/?a=b'])(
    '%s',
    async (target) => {
      await hostile.expectRefused(iamAt(`POST ${target}`), INVALID_FORM);
    },
  );

  it.each(['/?Action=DeleteUser', '/?', `http://${IAM_HOST}/?Action=DeleteUser`, `http://${IAM_HOST}?a=b`])(
    '%s',
    async (target) => {
      await hostile.expectRefused(iamAt(`POST ${target}`), INVALID_FORM, NO_ROUTE);
    },
  );
});

describe('hosts', () => {
  it.each<readonly [target: string, host: string]>([
    ['http://169.254.169.254/', '169.254.169.254'],
    ['http://169.254.169.254/', IAM_HOST],
    ['http://169.254.169.254/latest/meta-data/', '169.254.169.254'],
    ['http://169.254.169.254/password/change', '169.254.169.254'],
    ['http://169.254.169.254/password/change', IAM_HOST],
    ['http://169.254.169.254/password/change/', IAM_HOST],
    [`http://${IAM_HOST}/password/change`, IAM_HOST],
    [`http://${IAM_HOST}/password/change/`, IAM_HOST],
    ['http://sts.amazonaws.com/', 'sts.amazonaws.com'],
    ['http://localhost/', 'localhost'],
    ['http://localhost/password/change', 'localhost'],
    ['http://iam.cn-north-1.amazonaws.com.cn/', 'iam.cn-north-1.amazonaws.com.cn'],
    ['http://iam.us-gov.amazonaws.com/', 'iam.us-gov.amazonaws.com'],
    [`http://${COGNITO_HOST}/`, COGNITO_HOST],
    ['http://iam.amazonaws.com.evil.test/', 'iam.amazonaws.com.evil.test'],
    ['http://iam.amazonaws.com./', 'iam.amazonaws.com.'],
    ['http://iam.amazonaws.com/', 'sts.amazonaws.com'],
    ['http://iam.amazonaws.com/', 'gateway.test'],
    ['http://sts.amazonaws.com/', IAM_HOST],
    ['http://iam.amazonaws.com:80/', IAM_HOST],
    ['http://iam.amazonaws.com:80/', 'iam.amazonaws.com:80'],
    ['http://iam.amazonaws.com:8080/', 'iam.amazonaws.com:8080'],
    ['http://user@iam.amazonaws.com/', IAM_HOST],
    ['http://user:word@iam.amazonaws.com/', 'user:word@iam.amazonaws.com'],
    ['http://iam.amazonaws.com@169.254.169.254/', IAM_HOST],
    ['http://iam.amazonaws.com/other', IAM_HOST],
    ['http://iam.amazonaws.com//', IAM_HOST],
    ['https://iam.amazonaws.com/', IAM_HOST],
    ['https://169.254.169.254/', '169.254.169.254'],
    ['https://169.254.169.254/password/change', IAM_HOST],
    ['ftp://iam.amazonaws.com/', IAM_HOST],
    ['ftp://iam.amazonaws.com', IAM_HOST],
    ['ftp://169.254.169.254/password/change', IAM_HOST],
    ['//iam.amazonaws.com/', IAM_HOST],
    ['*', IAM_HOST],
    ['/other', IAM_HOST],
    ['/password/change//', IAM_HOST],
  ])('IAM at %s with Host %s', async (target, host) => {
    await hostile.expectRefused(iamAt(`POST ${target}`, host), NO_ROUTE);
  });

  it.each<readonly [target: string, host: string]>([
    [`http://${IAM_HOST}/`, IAM_HOST],
    ['http://cognito-idp.eu-west-1.amazonaws.com/', 'cognito-idp.eu-west-1.amazonaws.com'],
    [`http://${COGNITO_HOST}/`, 'cognito-idp.eu-west-1.amazonaws.com'],
    [`http://${COGNITO_HOST}:80/`, `${COGNITO_HOST}:80`],
    [`http://user@${COGNITO_HOST}/`, COGNITO_HOST],
    ['http://169.254.169.254/', '169.254.169.254'],
    ['http://169.254.169.254/password/change', '169.254.169.254'],
  ])('Cognito at %s with Host %s', async (target, host) => {
    await hostile.expectRefused(cognitoAt(`POST ${target}`, host), NO_ROUTE_COGNITO);
  });

  it('two partitions are served: a signature for the one does not go out by the host of the other', async () => {
    const both = await hostile.world.gateway({
      AWS_COMPATIBLE_ENDPOINT: 'true',
      IAM_PARTITIONS: 'aws,aws-cn',
    });
    const before = hostile.calls;
    const request = iamRequest(hostile.iam, { region: 'cn-north-1' });
    for (const requestLine of [`POST http://${IAM_HOST}/`, 'POST /password/change']) {
      expectNativeFailure(await sendRaw(both, { ...request, requestLine }), INCOMPLETE);
    }
    expect(hostile.calls).toBe(before);
  });
});

describe('methods', () => {
  it.each(['GET', 'PUT', 'DELETE', 'OPTIONS'])('%s, absolute form', async (method) => {
    await hostile.expectRefused(iamAt(`${method} http://${IAM_HOST}/`), NO_ROUTE);
  });

  it.each([`${IAM_HOST}:443`, '169.254.169.254:80'])(
    'CONNECT %s is refused and closed',
    async (authority) => {
      const before = hostile.calls;
      const bytes = Buffer.from(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
      for (const gateway of [hostile.on, hostile.off]) {
        expect(await sendBytes(gateway, bytes)).toMatchObject({ status: 404, closed: true });
      }
      expect(hostile.calls).toBe(before);
    },
  );
});

it('CONNECT behind a change that runs does not answer for it', async () => {
  const person = hostile.world.iamUser();
  hostile.world.sandbox.faults.next({ fault: { kind: 'delay', ms: 300 } });
  const passwords = { currentPassword: FIRST_PASSWORD, newPassword: 'Battery-Staple-2' };
  const body = JSON.stringify(passwords);
  const credential = Object.entries(await person.authorise(passwords)).map((header) => header.join(': '));
  const head = ['POST /password/change HTTP/1.1', 'Host: gateway.test', 'Content-Type: application/json'];
  const request = [...head, `Content-Length: ${body.length}`, ...credential, '', body].join('\r\n');
  const tunnel = `CONNECT ${IAM_HOST}:443 HTTP/1.1\r\nHost: ${IAM_HOST}\r\n\r\n`;
  expect(await sendBytes(hostile.on, Buffer.from(request + tunnel))).toMatchObject({
    status: 200,
    answers: 1,
  });
});

it.each([
  'GET http://evil.example/health/ready',
  'GET https://evil.example/docs',
  'GET http://evil.example/openapi.json',
])('no page of the gateway passes for one of another host: %s', async (requestLine) => {
  const bytes = Buffer.from(`${requestLine} HTTP/1.1\r\nHost: evil.example\r\n\r\n`);
  for (const gateway of [hostile.on, hostile.off])
    expectProblem(await sendBytes(gateway, bytes), 'route_not_found');
});

it.each(['POST /', 'POST http://gateway.test/', `POST http://${COGNITO_HOST}/`])(
  'the documented dialect has the one route alone, not %s',
  async (requestLine) => {
    const before = hostile.calls;
    const body = JSON.stringify({ currentPassword: FIRST_PASSWORD, newPassword: 'Battery-Staple-2' });
    const headers = [
      ['Host', requestLine.includes(COGNITO_HOST) ? COGNITO_HOST : 'gateway.test'],
      ['Content-Type', 'application/json'],
      ['X-Amz-Target', ''],
      ['Authorization', `Bearer ${hostile.cognito.accessToken}`],
    ] as const;
    expectProblem(await sendRaw(hostile.on, { requestLine, headers, body }), 'route_not_found');
    expect(hostile.calls).toBe(before);
  },
);
