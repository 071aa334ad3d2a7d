import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from '../support/free-port.mjs';

const SLOTS = [
  [0, 5460],
  [5461, 10_922],
  [10_923, 16_383],
];

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});

/** A real Redis Cluster of three masters that lose nothing when they are killed; a kill is that of one of them. */
export class RedisCluster {
  kills = 0;
  #directory;
  #nodes = [];
  #random;
  #down;

  /** @param random picks the node that is killed */
  static async start(random) {
    const cluster = new RedisCluster();
    cluster.#random = random;
    cluster.#directory = await mkdtemp(join(tmpdir(), 'chaos-cluster-'));
    for (const [from, to] of SLOTS) {
      const node = { port: await freePort(), busPort: await freePort(), child: undefined };
      await cluster.#launch(node);
      ask(node, 'CLUSTER', 'ADDSLOTSRANGE', from, to);
      const [first] = cluster.#nodes;
      if (first) ask(node, 'CLUSTER', 'MEET', '127.0.0.1', first.port, first.busPort);
      cluster.#nodes.push(node);
    }
    await cluster.#whole();
    return cluster;
  }

  /** What a gateway is told. */
  get settings() {
    const hosts = this.#nodes.map(({ port }) => `127.0.0.1:${port}`).join(',');
    return { REDIS_URL: `redis://${hosts}`, REDIS_MODE: 'cluster' };
  }

  get alive() {
    return this.#down === undefined;
  }

  /** Starts the node again that was killed; resolves once the cluster is whole. */
  async start() {
    await this.#launch(this.#down);
    this.#down = undefined;
    await this.#whole();
  }

  /** Ends one node as a power cut would. */
  async kill() {
    this.kills += 1;
    this.#down = this.#random.pick(this.#nodes);
    await end(this.#down);
  }

  /** Ends all and removes their directory. */
  async end() {
    for (const node of this.#nodes) if (node !== this.#down) await end(node);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #launch(node) {
    const options = {
      ...{ port: node.port, 'cluster-port': node.busPort, bind: '127.0.0.1', dir: this.#directory, save: '' },
      ...{ appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' },
      ...{ appenddirname: `aof-${node.port}`, 'cluster-enabled': 'yes' },
      ...{ 'cluster-config-file': `nodes-${node.port}.conf`, 'cluster-node-timeout': '1000' },
      'cluster-require-full-coverage': 'no',
    };
    const flags = Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]);
    const child = spawn('redis-server', flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    node.child = child;
    running.add(child);
    child.once('exit', () => running.delete(child));
    await new Promise((resolve, reject) => {
      child.once('exit', () => reject(new Error('A node of the cluster ended at its start.')));
      child.stdout.on('data', (chunk) => String(chunk).includes('Ready to accept connections') && resolve());
    });
  }

  async #whole() {
    const isWhole = (node) => {
      const info = ask(node, 'CLUSTER', 'INFO');
      return ['cluster_state:ok', 'cluster_known_nodes:3', 'cluster_slots_ok:16384'].every((line) =>
        info.includes(line),
      );
    };
    while (!this.#nodes.every(isWhole)) await sleep(50);
  }
}

function ask({ port }, ...words) {
  return execFileSync('redis-cli', ['-p', String(port), ...words.map(String)], { encoding: 'utf8' });
}

async function end({ child }) {
  child.kill('SIGKILL');
  await once(child, 'exit');
}
