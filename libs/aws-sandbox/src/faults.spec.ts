import { expect, it } from '@jest/globals';
import { FaultQueue, type Fault } from './faults.js';

const hang: Fault = { kind: 'hang' };
const html: Fault = { kind: 'html' };

it('hits as many calls as it is told, in the order of scripting', () => {
  const faults = new FaultQueue();
  faults.next({ fault: hang, times: 2 });
  faults.next({ fault: html });
  const taken = [1, 2, 3, 4].map(() => faults.take('iam', 'ChangePassword')?.kind);
  expect(taken).toEqual(['hang', 'hang', 'html', undefined]);
});

it('hits only the service and the action that it names', () => {
  const faults = new FaultQueue();
  faults.next({ service: 'iam', action: 'ChangePassword', fault: hang });
  expect(faults.take('cognito-idp', 'ChangePassword')).toBeUndefined();
  expect(faults.take('iam', 'GetAccountPasswordPolicy')).toBeUndefined();
  expect(faults.take('iam', 'ChangePassword')).toBe(hang);
});

it('fits an action that is not known yet', () => {
  const faults = new FaultQueue();
  faults.next({ service: 'iam', action: 'ChangePassword', fault: hang });
  expect(faults.peek('iam', undefined)).toBe(hang);
});

it('hits the token keys only when it names them', () => {
  const faults = new FaultQueue();
  faults.next({ fault: hang });
  expect(faults.take('jwks', undefined)).toBeUndefined();
  faults.next({ service: 'jwks', fault: html });
  expect(faults.take('jwks', undefined)).toBe(html);
});

it('goes on until cleared with an endless script', () => {
  const faults = new FaultQueue();
  faults.next({ fault: hang, times: Infinity });
  for (let n = 0; n < 100; n += 1) expect(faults.take('sts', 'x')).toBe(hang);
  faults.clear();
  expect([faults.take('sts', 'x'), faults.pending]).toEqual([undefined, 0]);
});

it.each([0, -1, NaN])('refuses to hit %d calls', (times) => {
  expect(() => {
    new FaultQueue().next({ fault: hang, times });
  }).toThrow(RangeError);
});
