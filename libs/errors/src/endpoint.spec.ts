import { expect, it } from '@jest/globals';

import { checkedEndpoint } from './endpoint.js';

it.each(['http://localhost:4566', 'https://vpce-1.iam.example.com', 'http://[::1]:8080/path'])(
  'takes the endpoint %s',
  (endpoint) => {
    expect(checkedEndpoint(endpoint)).toBe(endpoint);
  },
);

it.each([
  '',
  'localhost',
  'localhost:4566',
  '127.0.0.1:4566',
  '//localhost',
  'http://',
  'file:///etc/passwd',
  'ftp://a',
])('refuses the endpoint %j', (endpoint) => {
  expect(() => checkedEndpoint(endpoint)).toThrow(TypeError);
  expect(() => checkedEndpoint(endpoint)).toThrow(/absolute URL of http or https/);
});
