import { expect, it } from '@jest/globals';

import { clientAddress } from './client-address.js';

it.each([
  ['192.0.2.1', '192.0.2.1'],
  ['192.0.2.1:4711', '192.0.2.1'],
  ['2001:db8::1', '2001:db8::1'],
  ['[2001:db8::1]', '2001:db8::1'],
  ['[2001:db8::1]:4711', '2001:db8::1'],
  ['unknown', 'unknown'],
  ['192.0.2.1:', '192.0.2.1:'],
])('%s is %s', (told, address) => {
  expect(clientAddress(told)).toBe(address);
});
