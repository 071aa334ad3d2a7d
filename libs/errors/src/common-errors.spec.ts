import { describe, expect, it } from '@jest/globals';

import { COMMON_ERRORS } from './common-errors.js';
import { mapUpstreamError } from './upstream-mapping.js';

const map = (name: string) =>
  mapUpstreamError('iam', COMMON_ERRORS, {
    name,
    message: 'Any text',
    sent: {},
    upstream: { service: 'iam' },
  });

/** "Common Error Types" of the API references, without what the services' own tables decide by the text. */
const DOCUMENTED = [
  'ExpiredTokenException',
  'IncompleteSignature',
  'InternalFailure',
  'InvalidAction',
  'InvalidParameterCombination',
  'InvalidQueryParameter',
  'MalformedHttpRequestException',
  'MalformedQueryString',
  'MissingAction',
  'MissingAuthenticationToken',
  'NotAuthorized',
  'OptInRequired',
  'RequestAbortedException',
  'RequestEntityTooLargeException',
  'RequestExpired',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ThrottlingException',
  'UnknownOperationException',
];

it.each(DOCUMENTED)('%s is known', (name) => {
  expect(COMMON_ERRORS).toHaveProperty(name);
});

describe.each(Object.keys(COMMON_ERRORS))('%s', (name) => {
  it('is certain, and says where it comes from', () => {
    expect(map(name)).toMatchObject({ confidence: 'exact', unmappedText: false });
    for (const { source } of COMMON_ERRORS[name] ?? []) expect(source).toMatch(/\w/);
  });

  it('leaves the password unchanged unless it may come during the work', () => {
    const isDuringTheWork = /^(?:Internal|ServiceUnavailable|RequestAborted)/.test(name);
    expect(map(name).outcome).toBe(isDuringTheWork ? 'unknown' : 'unchanged');
  });

  it('says nothing about fields', () => {
    expect(map(name).errors).toEqual([]);
    expect(map(name).message).not.toMatch(/errors lists/);
  });
});
