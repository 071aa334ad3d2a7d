import { describe, expect, it } from '@jest/globals';

import { problemDefinition } from './taxonomy.js';
import { mapUpstreamError, tellableErrorName, type UpstreamTable } from './upstream-mapping.js';

describe('mapUpstreamError', () => {
  const source = 'a test';
  const table: UpstreamTable<{ readonly first: boolean }> = {
    Plain: [{ means: 'account_not_found', source }],
    ByText: [
      {
        means: (message, { first }) => ({
          code: first ? 'account_disabled' : 'not_authorized',
          confidence: 'inferred',
          unmappedText: message === 'odd',
          retryAfterSeconds: 3,
        }),
        source,
      },
    ],
    Several: [
      { text: /^Known/, means: 'pool_not_found', source },
      { text: /^Certain/, means: { code: 'account_disabled', confidence: 'exact' }, source },
      { means: 'quota_exceeded', source },
    ],
    Nothing: [],
  };
  const upstream = { service: 'iam', error: 'x', requestId: 'r-1' };
  const map = (name: string, message = '', first = true) =>
    mapUpstreamError('iam', table, { name, message, sent: { first }, upstream });

  it('decides by the name alone where the table does', () => {
    expect(map('Plain', 'secret text')).toMatchObject({
      code: 'account_not_found',
      confidence: 'exact',
      provider: 'iam',
      upstream,
      message: problemDefinition('account_not_found').detail,
    });
  });

  it('decides by the text and by what was sent where the table has a rule', () => {
    expect(map('ByText', 'odd', false)).toMatchObject({
      code: 'not_authorized',
      confidence: 'inferred',
      unmappedText: true,
      retryAfterSeconds: 3,
    });
    expect(map('ByText', 'even', true)).toMatchObject({ code: 'account_disabled', unmappedText: false });
  });

  it.each([
    ['Known text', 'pool_not_found', 'inferred', false],
    ['Certain text', 'account_disabled', 'exact', false],
    ['a text; Known', 'quota_exceeded', 'inferred', true],
  ])('takes the first row whose text matches %j: %s, %s', (message, code, confidence, unmappedText) => {
    expect(map('Several', message)).toMatchObject({ code, confidence, unmappedText });
  });

  it.each(['Unheard', 'Nothing', 'constructor', '__proto__', ''])('does not know the name %j', (name) => {
    expect(map(name)).toMatchObject({
      code: 'upstream_error_unrecognised',
      confidence: 'exact',
      outcome: 'unknown',
      unmappedText: true,
    });
  });
});

describe('tellableErrorName', () => {
  const table = { Throttling: [] };
  const secrets = ['Correct-Horse-1', 'sw0rdFish', undefined, 'a'];
  const tell = (name?: string) => tellableErrorName(name, table, secrets);

  it.each(['Throttling', 'BrandNewException', 'AWS.SimpleQueueService.NonExistentQueue', 'hasOwnProperty'])(
    'tells %s',
    (name) => {
      expect(tell(name)).toBe(name);
    },
  );

  it('tells a name of the table whatever was sent', () => {
    expect(tellableErrorName('Throttling', table, ['Throttling'])).toBe('Throttling');
  });

  it.each([
    undefined,
    '',
    'No',
    'two words',
    '4xx',
    'Under_score',
    'a-b-c',
    'Dots..Two',
    '.Dot',
    'Dot.',
    'x'.repeat(65),
    'canary"',
    'line\nbreak',
  ])('does not tell %j, which is no name', (name) => {
    expect(tell(name)).toBeUndefined();
  });

  it.each(['Horse', 'sw0rdFish', 'SW0RDFISH', 'dfis', 'Sw0rdFishException', 'Bad.sw0rdfish'])(
    'does not tell %s, which repeats what was sent',
    (name) => {
      expect(tell(name)).toBeUndefined();
    },
  );
});
