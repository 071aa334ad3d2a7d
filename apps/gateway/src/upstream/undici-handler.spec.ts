import { afterEach, describe, expect, it } from '@jest/globals';
import { MAX_ANSWER_BYTES, type UpstreamRequest } from '@password-gateway/errors';
import { getEventListeners, once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import {
  type AddressInfo,
  createServer as createTcpServer,
  type Server as TcpServer,
  type Socket,
} from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { createServer as createTlsServer } from 'node:tls';

import { UndiciHandler } from './undici-handler.js';

/** Shorter than AWS's own limit for idle connections. */
const IDLE_MS = 4_000;

const handler = new UndiciHandler();
const servers: (Server | TcpServer)[] = [];
const silent: Socket[] = [];

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.close();
    if ('closeAllConnections' in server) server.closeAllConnections();
  }
  for (const socket of silent.splice(0)) socket.destroy();
});

/** A request to a server that behaves so. */
async function requestTo(behave: RequestListener): Promise<UpstreamRequest> {
  const server = createServer(behave);
  servers.push(server);
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return requestAt((server.address() as AddressInfo).port);
}

function requestAt(port: number, more: Partial<UpstreamRequest> = {}): UpstreamRequest {
  const where = { method: 'POST', protocol: 'http:', hostname: '127.0.0.1', port, path: '/', query: {} };
  return { ...where, headers: { host: 'iam.amazonaws.com' }, body: 'body', ...more };
}

function handle(request: UpstreamRequest, abortSignal = new AbortController().signal) {
  return handler.handle(request, { abortSignal });
}

describe('UndiciHandler', () => {
  it('gives status, headers and body, and sends the Host that it was told', async () => {
    const request = await requestTo((incoming, answer) => {
      answer.writeHead(418, { 'x-host': incoming.headers.host ?? '' }).end('short and stout');
    });
    const { response } = await handle(request);
    expect(response).toMatchObject({ statusCode: 418, headers: { 'x-host': 'iam.amazonaws.com' } });
    expect(Buffer.from(response.body).toString()).toBe('short and stout');
  });

  it('sends method, path, headers and body as they are', async () => {
    const request = await requestTo((incoming, answer) => {
      const { method, url, headers } = incoming;
      incoming.setEncoding('utf8').on('data', (body: string) => {
        answer.end(JSON.stringify([method, url, headers['x-amz-date'], body]));
      });
    });
    const { response } = await handle({ ...request, path: '/a?b=c', headers: { 'x-amz-date': 'now' } });
    expect(Buffer.from(response.body).toString()).toBe('["POST","/a?b=c","now","body"]');
  });

  it('takes the port of the protocol where none is given', async () => {
    const request: UpstreamRequest = requestAt(0, { protocol: 'https:' });
    Reflect.deleteProperty(request, 'port');
    await expect(handle(request)).rejects.toMatchObject({ code: 'ECONNREFUSED', port: 443 });
  });

  it.each([
    ['localhost', 'localhost'],
    // An address is no server name, so there only Host can tell one.
    ['127.0.0.1', 'iam.amazonaws.com'],
  ])('asks https://%s for the certificate of %s', async (hostname, expected) => {
    const names: string[] = [];
    const server = createTlsServer({
      SNICallback: (name, done) => {
        names.push(name);
        done(new Error('no certificate'));
      },
    }).on('tlsClientError', () => undefined);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const request = requestAt(port, { protocol: 'https:', hostname });
    await expect(handle(request)).rejects.toMatchObject({ requestSent: false });
    server.close();
    expect(names).toEqual([expected]);
  });

  it.each<[string, RequestListener]>([
    ['an answer', (_incoming, answer) => answer.end()],
    ['a failure', (incoming) => incoming.socket.resetAndDestroy()],
  ])('leaves no listener behind after %s', async (_what, behave) => {
    const { signal } = new AbortController();
    await handle(await requestTo(behave), signal).catch(() => undefined);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  it('sends nothing any more after the shutdown', async () => {
    const closed = new UndiciHandler();
    await closed.onApplicationShutdown();
    const request = await requestTo((_incoming, answer) => answer.end());
    const options = { abortSignal: new AbortController().signal };
    await expect(closed.handle(request, options)).rejects.toMatchObject({ code: 'UND_ERR_DESTROYED' });
  });

  it('follows no redirect', async () => {
    let requests = 0;
    const request = await requestTo((_incoming, answer) => {
      requests += 1;
      answer.writeHead(307, { location: '/elsewhere' }).end();
    });
    expect((await handle(request)).response.statusCode).toBe(307);
    expect(requests).toBe(1);
  });

  it('uses a connection again, and a new one once it was idle for 4 seconds', async () => {
    const request = await requestTo((incoming, answer) => {
      incoming.resume().on('end', () => answer.end());
    });
    let connections = 0;
    const [server] = servers;
    // Its own limit would be told to the client, which goes by the shorter one.
    if (server && 'keepAliveTimeout' in server) server.keepAliveTimeout = 0;
    server?.on('connection', () => (connections += 1));
    await handle(request);
    await sleep(10);
    await handle(request);
    expect(connections).toBe(1);
    await sleep(IDLE_MS + 100);
    await handle(request);
    expect(connections).toBe(2);
  }, 10_000);

  describe('says that nothing was sent', () => {
    it.each([
      ['connection refused', requestAt(9)],
      ['no such host', requestAt(80, { hostname: 'no-such-host.invalid' })],
    ])('%s', async (_what, request) => {
      await expect(handle(request)).rejects.toMatchObject({ requestSent: false });
    });

    it('TLS handshake refused', async () => {
      const { port } = await requestTo((_incoming, answer) => answer.end());
      await expect(handle(requestAt(port ?? 0, { protocol: 'https:' }))).rejects.toMatchObject({
        requestSent: false,
      });
    });

    it('given up before it began', async () => {
      const request = await requestTo((_incoming, answer) => answer.end());
      await expect(handle(request, AbortSignal.abort())).rejects.toMatchObject({
        message: 'aborted',
        requestSent: false,
      });
    });
  });

  it('given up while it connects, sends nothing', async () => {
    let requests = 0;
    const request = await requestTo((_incoming, answer) => {
      requests += 1;
      answer.end();
    });
    const abort = new AbortController();
    const handled = handle(request, abort.signal);
    abort.abort();
    await expect(handled).rejects.toMatchObject({ message: 'aborted', requestSent: false });
    await sleep(50);
    expect(requests).toBe(0);
  });

  describe('with a server that takes the connection and then says nothing', () => {
    async function silentServer(): Promise<UpstreamRequest> {
      const server = createTcpServer((socket) => silent.push(socket));
      await once(server.listen(0, '127.0.0.1'), 'listening');
      servers.push(server);
      return requestAt((server.address() as AddressInfo).port, { protocol: 'https:' });
    }

    it('gives up at once when it is told to', async () => {
      const request = await silentServer();
      const abort = new AbortController();
      const started = performance.now();
      const handled = handle(request, abort.signal);
      setTimeout(() => {
        abort.abort();
      }, 20);
      await expect(handled).rejects.toMatchObject({ message: 'aborted', requestSent: false });
      expect(performance.now() - started).toBeLessThan(1_000);
    });

    it('gives up after 3 seconds of connecting', async () => {
      const started = performance.now();
      await expect(handle(await silentServer())).rejects.toMatchObject({
        code: 'UND_ERR_CONNECT_TIMEOUT',
        requestSent: false,
      });
      expect(performance.now() - started).toBeGreaterThan(2_500);
      expect(performance.now() - started).toBeLessThan(6_000);
    }, 12_000);
  });

  it('closes the connection of a call that is given up', async () => {
    const closed = Promise.withResolvers<undefined>();
    const abort = new AbortController();
    const request = await requestTo((incoming) => {
      incoming.socket.on('close', () => {
        closed.resolve(undefined);
      });
      abort.abort();
    });
    await expect(handle(request, abort.signal)).rejects.toMatchObject({ requestSent: true });
    await closed.promise;
  });

  describe('does not say so once a connection stood', () => {
    it.each<[string, RequestListener]>([
      ['reset', (incoming) => incoming.socket.resetAndDestroy()],
      ['closed without an answer', (incoming) => incoming.socket.end()],
      [
        'closed in the middle',
        (incoming, answer) => {
          answer.writeHead(200, { 'content-length': '100' }).write('half', () => incoming.socket.end());
        },
      ],
      ['no HTTP', (incoming) => incoming.socket.end('SSH-2.0\r\n')],
    ])('%s', async (_what, behave) => {
      await expect(handle(await requestTo(behave))).rejects.toMatchObject({ requestSent: true });
    });

    it('an answer that is too large comes cut, and too large to be taken for one', async () => {
      const request = await requestTo((_incoming, answer) => answer.end(Buffer.alloc(20 * MAX_ANSWER_BYTES)));
      const { response } = await handle(request);
      expect(response.body.byteLength).toBeGreaterThan(MAX_ANSWER_BYTES);
      expect(response.body.byteLength).toBeLessThan(3 * MAX_ANSWER_BYTES);
    });

    it('given up in the middle', async () => {
      const abort = new AbortController();
      const request = await requestTo(() => {
        abort.abort();
      });
      await expect(handle(request, abort.signal)).rejects.toMatchObject({ requestSent: true });
    });
  });

  it('takes an answer of exactly the longest length', async () => {
    const request = await requestTo((_incoming, answer) => answer.end(Buffer.alloc(MAX_ANSWER_BYTES)));
    expect((await handle(request)).response.body).toHaveLength(MAX_ANSWER_BYTES);
  });
});
