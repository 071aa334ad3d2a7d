import type { IncomingMessage } from 'node:http';

import { describe, expect, it } from '@jest/globals';

import { GatewayConfig } from '../config/config.js';
import { PASSWORD_ROUTE, routeTarget } from './route-target.js';

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';
const TARGET = 'AWSCognitoIdentityProviderService.ChangePassword';
const COGNITO_HOST = 'cognito-idp.eu-central-1.amazonaws.com';

function led(
  url: string,
  headers: Readonly<Record<string, string>>,
  { compatible = 'true', method = 'POST' } = {},
): string {
  const config = new GatewayConfig({
    COGNITO_USER_POOL_IDS: 'eu-central-1_AbCdEf123',
    IAM_PARTITIONS: 'aws,aws-cn',
    AWS_COMPATIBLE_ENDPOINT: compatible,
  });
  return routeTarget(config)({ url, method, headers } as unknown as IncomingMessage);
}

const form = (host = 'gateway.test') => ({ host, 'content-type': FORM });
const native = (host = 'gateway.test') => ({
  host,
  'content-type': 'application/json',
  'x-amz-target': TARGET,
});

describe('the trailing slash', () => {
  it.each(['true', 'false'])('is taken off, AWS_COMPATIBLE_ENDPOINT=%s', (compatible) => {
    expect(led('/password/change/', {}, { compatible })).toBe(PASSWORD_ROUTE);
    expect(led('/password/change/?a=b', {}, { compatible })).toBe('/password/change?a=b');
  });

  it.each(['/password/change//', '/password//change', '/password/change/x', 'http://a/password/change/'])(
    'is nothing else: %s',
    (url) => {
      expect(led(url, form('a'))).toBe(url);
    },
  );
});

describe('AWS_COMPATIBLE_ENDPOINT', () => {
  it.each<readonly [string, Readonly<Record<string, string>>]>([
    ['/', form()],
    ['/', native()],
    ['http://iam.amazonaws.com/', form('iam.amazonaws.com')],
    ['http://iam.amazonaws.com', form('iam.amazonaws.com')],
    ['http://iam.cn-north-1.amazonaws.com.cn/', form('iam.cn-north-1.amazonaws.com.cn')],
    [`http://${COGNITO_HOST}/`, native(COGNITO_HOST)],
  ])('leads %s to the route, and only when it is on', (url, headers) => {
    expect(led(url, headers)).toBe(PASSWORD_ROUTE);
    expect(led(`${url}?a=b`, headers)).toBe('/password/change?a=b');
    expect(led(url, headers, { compatible: 'false' })).toBe(url);
    expect(led(url, headers, { method: 'GET' })).toBe(url);
  });

  it.each<readonly [string, string, Readonly<Record<string, string>>]>([
    ['the documented dialect', '/', { 'content-type': 'application/json' }],
    ['an empty target', '/', { 'content-type': 'application/json', 'x-amz-target': '' }],
    ['another path', '/other', form()],
    ['a host that is not served', 'http://iam.us-gov.amazonaws.com/', form('iam.us-gov.amazonaws.com')],
    ['a region that is not served', 'http://cognito-idp.us-east-1.amazonaws.com/', native()],
    ['Host another than the authority', 'http://iam.amazonaws.com/', form()],
    ['no Host', 'http://iam.amazonaws.com/', { 'content-type': FORM }],
    ['Cognito at the host of IAM', 'http://iam.amazonaws.com/', native('iam.amazonaws.com')],
    ['IAM at the host of Cognito', `http://${COGNITO_HOST}/`, form(COGNITO_HOST)],
    ['a port', 'http://iam.amazonaws.com:80/', form('iam.amazonaws.com:80')],
    ['a user', 'http://a@iam.amazonaws.com/', form('iam.amazonaws.com')],
    ['another scheme', 'https://iam.amazonaws.com/', form('iam.amazonaws.com')],
    ['no form of target', '*', form()],
  ])('leads %s nowhere', (_name, url, headers) => {
    expect(led(url, headers)).toBe(url);
  });
});
