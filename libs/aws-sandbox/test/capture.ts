import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import type { SigV4Request } from '../src/sigv4/index.js';

const ANSWER =
  '<ChangePasswordResponse xmlns="https://iam.amazonaws.com/doc/2010-05-08/"><ResponseMetadata>' +
  '<RequestId>00000000-0000-4000-8000-000000000000</RequestId></ResponseMetadata></ChangePasswordResponse>';

/** Runs `send` against a loopback server and returns the one request that arrived, as it stood on the wire. */
export async function captureRequest(send: (port: number) => Promise<unknown>): Promise<SigV4Request> {
  const captured: SigV4Request[] = [];
  const server = createServer((request, response) => {
    void buffer(request).then((body) => {
      const { method = '', url: target = '', rawHeaders } = request;
      captured.push({ method, target, headers: pairs(rawHeaders), body });
      response.setHeader('connection', 'close').setHeader('content-type', 'text/xml').end(ANSWER);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await send((server.address() as AddressInfo).port);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
  const [request, ...more] = captured;
  if (!request || more.length > 0) throw new Error(`Expected one request, captured ${captured.length}`);
  return request;
}

function pairs(rawHeaders: readonly string[]): [name: string, value: string][] {
  return rawHeaders.flatMap((name, index) =>
    index % 2 === 0 ? [[name, rawHeaders[index + 1] ?? ''] satisfies [string, string]] : [],
  );
}
