import {
  CognitoIdentityProviderClient,
  type CognitoIdentityProviderClientConfig,
} from '@aws-sdk/client-cognito-identity-provider';
import { describe, expect, it } from '@jest/globals';

import { ChangePasswordOperation } from './change-password-operation.js';

const INPUT = { AccessToken: 'a.b.c', PreviousPassword: 'old ü', ProposedPassword: 'new "\u0000' };

const serialize = (config: CognitoIdentityProviderClientConfig) =>
  new ChangePasswordOperation(new CognitoIdentityProviderClient(config), true).request(INPUT, 'somebody');

describe('the request', () => {
  it('writes AWS JSON 1.1 for the endpoint of the region', async () => {
    const request = await serialize({ region: 'eu-central-1' });
    expect(request).toMatchObject({
      method: 'POST',
      protocol: 'https:',
      hostname: 'cognito-idp.eu-central-1.amazonaws.com',
      path: '/',
      headers: {
        'content-type': 'application/x-amz-json-1.1',
        'x-amz-target': 'AWSCognitoIdentityProviderService.ChangePassword',
      },
    });
    expect(await new Response(request.body).json()).toEqual(INPUT);
  });

  it('needs no credentials and sends none', async () => {
    const { headers } = await serialize({ region: 'eu-central-1' });
    expect(Object.keys(headers).map((name) => name.toLowerCase())).not.toContain('authorization');
  });

  it.each([
    [{ region: 'us-gov-west-1', useFipsEndpoint: true }, 'cognito-idp-fips.us-gov-west-1.amazonaws.com', '/'],
    [{ region: 'cn-north-1' }, 'cognito-idp.cn-north-1.amazonaws.com.cn', '/'],
    [{ region: 'us-east-1', endpoint: 'http://127.0.0.1:8080' }, '127.0.0.1', '/'],
    [{ region: 'us-east-1', endpoint: 'https://proxy.example/cognito' }, 'proxy.example', '/cognito/'],
  ])('goes where the client %j goes', async (config, hostname, path) => {
    expect(await serialize(config)).toMatchObject({ hostname, path });
  });
});

describe('exception', () => {
  const operation = new ChangePasswordOperation(
    new CognitoIdentityProviderClient({ region: 'us-east-1' }),
    true,
  );
  const NAME = 'NotAuthorizedException';

  it.each([
    ['the body', {}, { __type: NAME }],
    ['the body, with a namespace', {}, { __type: `com.amazonaws.cognitoidentityprovider#${NAME}` }],
    ['a header', { 'x-amzn-errortype': NAME }, {}],
    ["a header, with Cognito's colon", { 'x-amzn-errortype': `${NAME}:` }, {}],
    ['a header, with a URL', { 'x-amzn-errortype': `${NAME}:http://internal.amazon.com/` }, {}],
  ])('reads the name from %s', async (_, headers, body) => {
    const answer = { statusCode: 400, headers, body: encode({ ...body, message: 'User is disabled' }) };
    expect(await operation.exception(answer)).toMatchObject({ name: NAME, message: 'User is disabled' });
    expect(answer.headers).toEqual(headers);
  });

  it('reads a name that the SDK does not know', async () => {
    const answer = {
      statusCode: 400,
      headers: {},
      body: encode({ __type: 'BrandNewException', message: 'x' }),
    };
    expect(await operation.exception(answer)).toMatchObject({ name: 'BrandNewException' });
  });

  it.each(['<html></html>', '{"__type":"NotAuth', '', '{}', '[]', 'null', '"text"'])(
    'finds none in %j',
    async (body) => {
      const answer = { statusCode: 400, headers: {}, body: new TextEncoder().encode(body) };
      expect(await operation.exception(answer)).toBeUndefined();
    },
  );
});

function encode(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}
