import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { EventEmitter } from 'node:events';

import type { RedisClient } from './redis-client.js';
import { RedisConnection, type RedisState } from './redis-connection.js';

const CHECKS = [
  { key: 'one', node: '10.0.0.1:6379' },
  { key: 'two', node: '10.0.0.2:6379' },
];

/** A client whose keys in `refused` take no write, for the reason given. */
class Client extends EventEmitter {
  status = 'ready';
  refused: Readonly<Record<string, string>> = {};
  disconnect = jest.fn();

  constructor(readonly isCluster: boolean) {
    super();
  }

  set(key: string): Promise<string> {
    const reason = this.refused[key];
    return reason === undefined ? Promise.resolve('OK') : Promise.reject(new Error(reason));
  }
}

let told: RedisState[];

beforeEach(() => {
  jest.useFakeTimers();
  told = [];
});

afterEach(() => {
  jest.useRealTimers();
});

function connectionOf(client: Client): RedisConnection {
  const connection = new RedisConnection(client as unknown as RedisClient, () => CHECKS);
  connection.onChange((state) => told.push(state));
  return connection;
}

it('a cluster is away in part while a node takes no write, and nodes that go and come are told once each', async () => {
  const client = new Client(true);
  connectionOf(client);
  for (const refused of [
    {},
    { two: 'Connection is closed.' },
    { two: 'Connection is closed.' },
    { one: 'READONLY', two: 'x' },
    {},
  ]) {
    client.refused = refused;
    await jest.advanceTimersByTimeAsync(1_000);
  }
  expect(told).toEqual([
    { up: false, reason: 'closed', nodes: ['10.0.0.2:6379'] },
    { up: false, reason: 'READONLY' },
    { up: true },
  ]);
});

it('a node that leaves is looked after at once', async () => {
  const client = new Client(true);
  connectionOf(client);
  client.refused = { one: 'Command timed out' };
  client.emit('-node');
  await jest.advanceTimersByTimeAsync(0);
  expect(told).toEqual([{ up: false, reason: 'ETIMEDOUT', nodes: ['10.0.0.1:6379'] }]);
});

it.each([true, false])(
  'a command that failed is told, though the connection stands: cluster %s',
  async (isCluster) => {
    const connection = connectionOf(new Client(isCluster));
    for (let command = 0; command < 3; command++) connection.failed(new Error('Command timed out'));
    await jest.advanceTimersByTimeAsync(0);
    connection.failed(new Error('Command timed out'));
    expect(told).toEqual([{ up: false, reason: 'ETIMEDOUT' }]);
    await jest.advanceTimersByTimeAsync(1_000);
    expect(told.slice(1)).toEqual([{ up: true }]);
  },
);

it('a connection that closes is told by what its last error was', () => {
  const client = new Client(false);
  connectionOf(client);
  client.emit('error', Object.assign(new Error('no'), { code: 'ECONNRESET' }));
  expect(told).toEqual([]);
  client.status = 'reconnecting';
  client.emit('close');
  client.status = 'ready';
  client.emit('ready');
  expect(told).toEqual([{ up: false, reason: 'ECONNRESET' }, { up: true }]);
});

it('an answer that is none for a write is no write', async () => {
  const client = new Client(false);
  client.set = () => Promise.resolve('QUEUED');
  expect(await connectionOf(client).state()).toMatchObject({ up: false });
});
