import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import { performance } from 'node:perf_hooks';
import { setInterval } from 'node:timers';

import { randomFault } from './faults.mjs';

/** AWS is part of this process: when the process stands still for so long, AWS does. */
const STALLS_FROM_MS = 500;
const BEAT_MS = 50;

/** Marks a call on its way to the sandbox: the name of the header tells its number. */
const MARK = 'X-Chaos-';

/**
 * Stands before the sandbox as plain TCP. It notes which change a call is for, by the new password, of which each change
 * has its own; and now and then it scripts a fault for the next call.
 */
export class UpstreamTap {
  /** Told each call, as soon as it is whole: number, token or `Authorization`, new password. */
  onCall = () => undefined;
  /** Share of calls that meet a fault. */
  faultRate = 0;
  count = 0;
  /** When AWS stood still. */
  stalls = [];
  /** Told of it. */
  onStall = () => undefined;
  #sandbox;
  #random;
  #server;
  #port = 0;
  #recordsSeen = 0;
  #records = new Map();

  static async start(sandbox, random) {
    const tap = new UpstreamTap();
    tap.#sandbox = sandbox;
    tap.#random = random;
    tap.#watch();
    await tap.accept();
    return tap;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** New connections are refused from now on; those that stand go on. */
  refuse() {
    this.#server.close();
  }

  /** New connections are taken (again). */
  async accept() {
    this.#server = createServer((gateway) => this.#join(gateway));
    this.#server.listen(this.#port, '127.0.0.1');
    await once(this.#server, 'listening');
    this.#port = this.#server.address().port;
  }

  /** The sandbox's own record of a call; undefined when the call never got there whole. */
  recordOf(number) {
    const { calls } = this.#sandbox;
    for (; this.#recordsSeen < calls.length; this.#recordsSeen += 1) {
      const record = calls[this.#recordsSeen];
      const mark = record.headers.find((name) => name.startsWith(MARK));
      if (mark !== undefined) this.#records.set(Number(mark.slice(MARK.length)), record);
    }
    return this.#records.get(number);
  }

  #watch() {
    let beat = performance.now();
    setInterval(() => {
      const [from, to] = [beat, performance.now()];
      beat = to;
      if (to - from < STALLS_FROM_MS) return;
      this.stalls.push({ from, to });
      this.onStall(Math.round(to - from));
    }, BEAT_MS).unref();
  }

  #join(gateway) {
    const { port } = new URL(this.#sandbox.url);
    const aws = connect({ port: Number(port), host: '127.0.0.1', noDelay: true });
    let waiting = Buffer.alloc(0);
    gateway.on('data', (chunk) => {
      waiting = Buffer.concat([waiting, chunk]);
      for (let request = this.#take(waiting); request !== undefined; request = this.#take(waiting)) {
        waiting = waiting.subarray(request.length);
        aws.write(request.onward);
      }
    });
    aws.on('data', (chunk) => gateway.write(chunk));
    aws.on('error', () => gateway.resetAndDestroy());
    aws.on('end', () => gateway.end());
    gateway.on('error', () => undefined);
    gateway.on('close', () => aws.destroy());
  }

  /** The first whole request of some bytes, marked if it is a call. */
  #take(bytes) {
    const end = bytes.indexOf('\r\n\r\n');
    if (end < 0) return undefined;
    const head = bytes.toString('latin1', 0, end);
    const length = end + 4 + Number(/^content-length: *(\d+)$/im.exec(head)?.[1] ?? 0);
    if (bytes.length < length) return undefined;
    const whole = bytes.subarray(0, length);
    if (!head.startsWith('POST ')) return { length, onward: whole };
    const number = this.#note(head, whole.subarray(end + 4).toString('utf8'));
    const marked = Buffer.from(`${head}\r\n${MARK}${number}: 1\r\n\r\n`, 'latin1');
    return { length, onward: Buffer.concat([marked, whole.subarray(end + 4)]) };
  }

  #note(head, body) {
    const number = (this.count += 1);
    const service = /^x-amz-target:/im.test(head) ? 'cognito-idp' : 'iam';
    this.onCall({ number, ...(service === 'iam' ? iamCall(head, body) : cognitoCall(body)) });
    if (this.#random.chance(this.faultRate)) {
      const fault = randomFault(this.#random, service);
      this.#sandbox.faults.next({ service, action: 'ChangePassword', fault });
    }
    return number;
  }
}

function cognitoCall(body) {
  const { AccessToken: credential, ProposedPassword: newPassword } = JSON.parse(body);
  return { credential, newPassword };
}

function iamCall(head, body) {
  const credential = /^authorization: *(.*)$/im.exec(head)?.[1];
  return { credential, newPassword: new URL(`http://iam/?${body}`).searchParams.get('NewPassword') };
}
