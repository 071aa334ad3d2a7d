import { once } from 'node:events';
import { createServer } from 'node:http';
import { connect, type TcpNetConnectOpts } from 'node:net';

import { describe, expect, it } from '@jest/globals';

import { closedPort, listen } from '../test/loopback.js';
import { provesNothingWasSent } from './transport-failure.js';

async function connectError(options: TcpNetConnectOpts): Promise<unknown> {
  const socket = connect(options);
  try {
    await once(socket, 'connect');
  } catch (error) {
    return error;
  } finally {
    socket.destroy();
  }
  throw new Error('connected');
}

async function thrown(call: Promise<unknown>): Promise<unknown> {
  try {
    await call;
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

const facts = (properties: object) => Object.assign(new Error('failed'), properties);

const refused = facts({ code: 'ECONNREFUSED' });
const reset = facts({ code: 'ECONNRESET', syscall: 'read' });

describe('provesNothingWasSent, by errors of Node itself', () => {
  it('believes a refused connection', async () => {
    const error = await connectError({ port: await closedPort(), host: '127.0.0.1' });
    expect(error).toMatchObject({ code: 'ECONNREFUSED' });
    expect(provesNothingWasSent(error)).toBe(true);
  });

  it('believes that all addresses of a name refused', async () => {
    const error = await connectError({
      port: await closedPort(),
      host: 'two-addresses.example',
      autoSelectFamily: true,
      lookup: (_name, _options, found) => {
        found(null, [
          { address: '127.0.0.1', family: 4 },
          { address: '::1', family: 6 },
        ]);
      },
    });
    expect(error).toMatchObject({ errors: [{ syscall: 'connect' }, { syscall: 'connect' }] });
    expect(provesNothingWasSent(error)).toBe(true);
  });

  it('believes a name that does not resolve', async () => {
    const error = await connectError({ port: 80, host: 'password-gateway.invalid' });
    expect(error).toMatchObject({ syscall: 'getaddrinfo' });
    expect(provesNothingWasSent(error)).toBe(true);
  }, 30_000);

  it('finds the refused connection below the error of fetch', async () => {
    const error = await thrown(fetch(`http://127.0.0.1:${await closedPort()}`));
    expect(error).toMatchObject({ message: 'fetch failed' });
    expect(provesNothingWasSent(error)).toBe(true);
  });

  it('does not believe a reset of a request that was written', async () => {
    const server = createServer((request) => {
      request.socket.resetAndDestroy();
    });
    const error = await thrown(
      fetch(`http://127.0.0.1:${await listen(server)}`, { method: 'POST', body: 'x' }),
    );
    server.close();
    expect(provesNothingWasSent(error)).toBe(false);
  });
});

describe('provesNothingWasSent, by what an error holds', () => {
  it.each([
    ['a handler that sent nothing', facts({ requestSent: false, code: 'ECONNRESET' }), true],
    ['a handler that sent something', facts({ requestSent: true, code: 'ECONNREFUSED' }), false],
    ['an undecided handler', facts({ requestSent: 'no', code: 'ECONNRESET' }), false],
    ['a name server that is away', facts({ code: 'EAI_AGAIN' }), true],
    ["undici's connect timeout", facts({ code: 'UND_ERR_CONNECT_TIMEOUT' }), true],
    ['a name server that fails', facts({ code: 'EAI_FAIL', syscall: 'getaddrinfo' }), true],
    ['a timeout of the system while connecting', facts({ code: 'ETIMEDOUT', syscall: 'connect' }), true],
    ['a timeout of the system while reading', facts({ code: 'ETIMEDOUT', syscall: 'read' }), false],
    ['a broken pipe', facts({ code: 'EPIPE', syscall: 'write' }), false],
    ['a failure of TLS, which may come at any time', facts({ code: 'EPROTO', syscall: 'write' }), false],
    ['several errors that all prove it', new AggregateError([refused, facts({ code: 'ENOTFOUND' })]), true],
    ['several errors of which one does not', new AggregateError([refused, reset]), false],
    ['several errors that are none', new AggregateError([]), false],
    ['a cause that proves it', new Error('wrapped', { cause: refused }), true],
    ['a cause that does not', new Error('wrapped', { cause: reset }), false],
    ['an error that says nothing', new Error('aborted'), false],
    ['no error at all', undefined, false],
    ['null', null, false],
    ['a string', 'ECONNREFUSED', false],
  ])('judges %s', (_, error, proven) => {
    expect(provesNothingWasSent(error)).toBe(proven);
  });

  it.each([
    'CERT_HAS_EXPIRED',
    'CERT_NOT_YET_VALID',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'SELF_SIGNED_CERT_IN_CHAIN',
    'UNABLE_TO_GET_ISSUER_CERT',
    'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('believes that a certificate was refused: %s', (code) => {
    expect(provesNothingWasSent(facts({ code }))).toBe(true);
  });
});
