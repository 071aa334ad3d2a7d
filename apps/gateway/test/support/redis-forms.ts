import { Redis } from 'ioredis';
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { freePort } from './redis-server.js';

const DURABLE = ['--appendonly', 'yes', '--appendfsync', 'always', '--maxmemory-policy', 'noeviction'];

/** Servers in one folder that ends with them. */
export class RedisServers {
  readonly directory = mkdtempSync(join(tmpdir(), 'redis-forms-'));
  private readonly children = new Map<number, ChildProcess>();

  /** Starts a server with more flags on a free port; resolves once it answers. */
  async start(...flags: readonly string[]): Promise<number> {
    const port = await freePort();
    const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', this.directory, '--save', ''];
    const files = ['--appenddirname', `aof-${port}`, '--dbfilename', `${port}.rdb`];
    await this.launch(port, 'redis-server', [...own, ...files, ...DURABLE, ...flags]);
    return port;
  }

  /** Starts a Sentinel that watches a master. */
  async startSentinel(master: number): Promise<number> {
    const port = await freePort();
    const file = this.file(
      `sentinel-${port}.conf`,
      [
        `port ${port}`,
        'bind 127.0.0.1',
        `dir ${this.directory}`,
        `sentinel monitor main 127.0.0.1 ${master} 1`,
        'sentinel down-after-milliseconds main 500',
        'sentinel failover-timeout main 3000',
      ].join('\n'),
    );
    await this.launch(port, 'redis-sentinel', [file]);
    return port;
  }

  /** Writes a file for a server. */
  file(name: string, content: string): string {
    const path = join(this.directory, name);
    writeFileSync(path, content);
    return path;
  }

  /** Ends one as a power cut would. */
  async kill(port: number): Promise<void> {
    const child = this.children.get(port);
    this.children.delete(port);
    if (child?.exitCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  /** Ends all, and removes the folder. */
  async end(): Promise<void> {
    for (const port of [...this.children.keys()]) await this.kill(port);
    rmSync(this.directory, { recursive: true, force: true });
  }

  private async launch(port: number, binary: string, flags: readonly string[]): Promise<void> {
    const child = spawn(binary, flags, { stdio: ['ignore', 'pipe', 'ignore'] });
    this.children.set(port, child);
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => {
        reject(new Error(`${binary} ended at its start: ${output}`));
      });
      child.stdout.on('data', (chunk) => {
        output += String(chunk);
        if (/Ready to accept connections|\+monitor master/.test(output)) resolve();
      });
    });
  }
}

/** A cluster of three masters, each with a third of the slots. */
export async function startCluster(servers: RedisServers): Promise<readonly number[]> {
  const ports: number[] = [];
  for (let node = 0; node < 3; node++) {
    const port = await freePort();
    const busPort = await freePort();
    ports.push(
      await servers
        .start(
          ...['--port', `${port}`, '--cluster-port', `${busPort}`, '--cluster-enabled', 'yes'],
          ...['--cluster-config-file', `nodes-${port}.conf`, '--cluster-node-timeout', '1000'],
          ...['--cluster-require-full-coverage', 'no'],
        )
        .then(() => port),
    );
    await asked(port, (client) =>
      client.call(
        'CLUSTER',
        'ADDSLOTSRANGE',
        `${[0, 5461, 10_923][node]}`,
        `${[5460, 10_922, 16_383][node]}`,
      ),
    );
    const [first] = ports;
    if (node > 0) {
      const firstBus = await busPortOf(first ?? 0);
      await asked(port, (client) => client.call('CLUSTER', 'MEET', '127.0.0.1', `${first}`, `${firstBus}`));
    }
  }
  for (const port of ports) {
    const isWhole = async (): Promise<boolean> => {
      const info = String(await asked(port, (client) => client.call('CLUSTER', 'INFO')));
      return info.includes('cluster_known_nodes:3') && info.includes('cluster_slots_assigned:16384');
    };
    while (!(await isWhole())) await sleep(50);
  }
  return ports;
}

/** Waits until a replica has a copy of its master. */
export async function isReplicated(replica: number): Promise<void> {
  const info = () => asked(replica, (client) => client.info('replication'));
  while (!(await info()).includes('master_link_status:up')) await sleep(50);
}

/** Waits until a Sentinel knows a replica that it can promote. */
export async function knowsReplica(sentinel: number): Promise<void> {
  const replicas = () => asked(sentinel, (client) => client.call('SENTINEL', 'REPLICAS', 'main'));
  while (!JSON.stringify(await replicas()).includes('"master-link-status","ok"')) await sleep(100);
}

/** Waits until the replica of a master has all that was written. */
export async function copied(master: number): Promise<void> {
  await asked(master, (client) => client.wait(1, 2_000));
}

async function busPortOf(port: number): Promise<number> {
  const line = String(await asked(port, (client) => client.call('CLUSTER', 'NODES')));
  return Number(/@(\d+)/.exec(line)?.[1]);
}

async function asked<Result>(port: number, question: (client: Redis) => Promise<Result>): Promise<Result> {
  const client = new Redis(port, '127.0.0.1');
  try {
    return await question(client);
  } finally {
    client.disconnect();
  }
}

/** A CA of one's own, with a certificate for a server named localhost and one for a client. */
export function makeCertificates(directory: string): void {
  const openssl = (...words: string[]): void => {
    execFileSync('openssl', words, { cwd: directory, stdio: 'ignore' });
  };
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  openssl('req', '-x509', ...key, '-keyout', 'ca.key', '-out', 'ca.pem', '-subj', '/CN=ca', '-days', '2');
  writeFileSync(join(directory, 'names.cnf'), 'subjectAltName=DNS:redis.test\n');
  for (const name of ['server', 'client']) {
    openssl('req', ...key, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${name}`);
    const signing = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names.cnf'];
    openssl('x509', '-req', '-in', `${name}.csr`, ...signing, '-out', `${name}.pem`, '-days', '2');
  }
}
