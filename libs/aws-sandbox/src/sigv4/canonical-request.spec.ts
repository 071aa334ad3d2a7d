import { describe, expect, it } from '@jest/globals';
import {
  canonicalHeaderValue,
  canonicalPath,
  canonicalQuery,
  canonicalRequest,
} from './canonical-request.js';

describe('canonicalPath', () => {
  it.each([
    ['', '/'],
    ['/', '/'],
    ['/..', '/'],
    ['/../../a', '/a'],
    ['/a/b/..', '/a'],
    ['/a/b/../', '/a/'],
    ['/a/./b/', '/a/b/'],
    ['/a/...', '/a/...'],
    ['/a%2Fb', '/a%252Fb'],
    ['/a%20b', '/a%2520b'],
    ["/a+b*'()!~", '/a%2Bb%2A%27%28%29%21~'],
    ['/\u00c3\u00bc', '/%C3%BC'],
  ])('%j becomes %j', (path, expected) => {
    expect(canonicalPath(path)).toBe(expected);
  });
});

describe('canonicalQuery', () => {
  it.each([
    ['', ''],
    ['b=1&a=2', 'a=2&b=1'],
    ['a', 'a='],
    ['a=b=c', 'a=b%3Dc'],
    ['=a', '=a'],
    ['&&a=1&', 'a=1'],
    ['a-=1&a=2', 'a=2&a-=1'],
    ['a=%2f%7e', 'a=%2F~'],
    ['a=100%', 'a=100%25'],
    ["q='*'", 'q=%27%2A%27'],
    ['b=2&b=10&B=3', 'B=3&b=10&b=2'],
  ])('%j becomes %j', (query, expected) => {
    expect(canonicalQuery(query)).toBe(expected);
  });
});

describe('canonicalHeaderValue', () => {
  it.each([
    [['a'], 'a'],
    [['  a  b\t\tc  '], 'a b c'],
    [['"a  b"'], '"a b"'],
    [['b ', ' a', 'b'], 'b,a,b'],
    [[''], ''],
  ])('%j becomes %j', (values, expected) => {
    expect(canonicalHeaderValue(values)).toBe(expected);
  });
});

describe('canonicalRequest', () => {
  it('takes header names in any case, and leaves out what is not signed', () => {
    const request = {
      method: 'POST',
      target: '/a?b=c?d',
      headers: [
        ['HOST', 'example.com'],
        ['X-Other', 'x'],
        ['x-aMz-Date', '20261120T224907Z'],
      ] as const,
      body: new Uint8Array(),
    };
    expect(canonicalRequest(request, ['host', 'x-amz-date'], 'hash').split('\n')).toEqual([
      'POST',
      '/a',
      'b=c%3Fd',
      'host:example.com',
      'x-amz-date:20261120T224907Z',
      '',
      'host;x-amz-date',
      'hash',
    ]);
  });
});
