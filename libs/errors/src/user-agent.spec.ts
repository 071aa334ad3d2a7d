import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';

import { USER_AGENT, userAgentFor } from './user-agent.js';

it('names the version of the packages', () => {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(USER_AGENT).toBe(`password-gateway/${version}`);
});

it.each([
  [undefined, USER_AGENT],
  ['', USER_AGENT],
  ['  ', USER_AGENT],
  ['aws-cli/2.9.19 md/Botocore', `${USER_AGENT} aws-cli/2.9.19 md/Botocore`],
  ['caf\u00e9\r\nX-Other: 1', `${USER_AGENT} cafX-Other: 1`],
  ['x'.repeat(300), `${USER_AGENT} ${'x'.repeat(256)}`],
])('%j becomes %j', (client, sent) => {
  expect(userAgentFor(client)).toBe(sent);
});
