import { expect, it } from '@jest/globals';
import { CallLog, type OpenCallRecord } from './calls.js';

function call(at: number): OpenCallRecord {
  return {
    service: 'iam',
    action: 'ChangePassword',
    requestId: String(at),
    at,
    headers: [],
    host: undefined,
    bodyBytes: 0,
    committed: false,
  };
}

it('keeps the newest calls and counts all', () => {
  const log = new CallLog(10);
  for (let at = 0; at < 95; at += 1) log.add(call(at));
  expect(log.count).toBe(95);
  expect(log.records.length).toBeGreaterThanOrEqual(10);
  expect(log.records.length).toBeLessThanOrEqual(20);
  expect(log.records.at(-1)?.at).toBe(94);
  expect(log.records.at(-10)?.at).toBe(85);
});

it('forgets all when cleared', () => {
  const log = new CallLog();
  log.add(call(1));
  log.clear();
  expect([log.count, log.records]).toEqual([0, []]);
});
