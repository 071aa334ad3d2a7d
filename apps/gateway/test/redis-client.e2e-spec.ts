import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';

import { GatewayConfig } from '../src/config/config.js';
import { RedisConnection } from '../src/redis/redis-connection.js';
import { CuttingProxy } from './support/cutting-proxy.js';
import { describeWithRedis, RedisServer } from './support/redis-server.js';

describeWithRedis('what the client of Redis sends', () => {
  describe.each(['single', 'cluster'])('%s', (mode) => {
    let proxy: CuttingProxy;
    let server: RedisServer;
    let others: RedisServer[];
    let connection: RedisConnection;

    beforeEach(async () => {
      proxy = new CuttingProxy();
      const port = await proxy.listen();
      const clustered = {
        'cluster-enabled': 'yes',
        'cluster-announce-ip': '127.0.0.1',
        'cluster-announce-port': port,
      };
      server = await RedisServer.start(mode === 'cluster' ? clustered : {});
      others = mode === 'cluster' ? [await neighbour(server)] : [];
      proxy.targetPort = server.port;
      connection = await RedisConnection.open(
        new GatewayConfig({ ...server.settings, REDIS_URL: `redis://127.0.0.1:${port}`, REDIS_MODE: mode }),
      );
      while (!(await connection.state()).up) await sleep(20);
    });

    afterEach(async () => {
      connection.onApplicationShutdown();
      await proxy.end();
      await Promise.all([server, ...others].map((one) => one.end()));
    });

    it('it sends once, also when the connection ends before the answer comes', async () => {
      proxy.cutting = true;
      await expect(connection.client!.incr('count')).rejects.toThrow();
      while (!(await connection.state()).up) await sleep(20);
      // Time for what would be sent again.
      await sleep(500);
      expect(await server.asked((client) => client.get('count'))).toBe('1');
    });

    it('it sends nothing late that it has refused while Redis was away', async () => {
      await server.kill();
      while ((await connection.state()).up) await sleep(20);
      const began = performance.now();
      await expect(connection.client!.incr('count')).rejects.toThrow();
      expect(performance.now() - began).toBeLessThan(300);
      await server.launch();
      while (!(await connection.state()).up) await sleep(20);
      await sleep(500);
      expect(await server.asked((client) => client.get('count'))).toBeNull();
    });
  });
});

/** Makes a cluster of a server and another, which has one slot: a cluster goes on while a node of it is away. */
async function neighbour(server: RedisServer): Promise<RedisServer> {
  const other = await RedisServer.start({ 'cluster-enabled': 'yes' });
  await server.asked((client) => client.cluster('ADDSLOTSRANGE', 1, 16_383));
  await other.asked((client) => client.cluster('ADDSLOTSRANGE', 0, 0));
  await other.asked((client) => client.cluster('MEET', '127.0.0.1', server.port));
  while (!(await server.asked((client) => client.cluster('INFO'))).includes('cluster_state:ok'))
    await sleep(20);
  return other;
}
