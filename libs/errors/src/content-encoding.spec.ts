import { describe, expect, it } from '@jest/globals';
import { deflateSync, gzipSync } from 'node:zlib';

import { decodedBody } from './content-encoding.js';

const TEXT = 'an answer of AWS';
const decode = async (encoding: string | undefined, body: Uint8Array, most = 1_000) =>
  Buffer.from(await decodedBody(encoding, body, most)).toString();

describe('the body of an answer', () => {
  it.each<[string | undefined, Uint8Array]>([
    [undefined, Buffer.from(TEXT)],
    ['', Buffer.from(TEXT)],
    ['identity', Buffer.from(TEXT)],
    ['gzip', gzipSync(TEXT)],
    ['GZIP', gzipSync(TEXT)],
    ['deflate', deflateSync(TEXT)],
  ])('of the encoding %j is read', async (encoding, body) => {
    expect(await decode(encoding, body)).toBe(TEXT);
  });

  it.each<[string, string, Uint8Array]>([
    ['of an encoding that nobody asked for', 'br', Buffer.from(TEXT)],
    ['that is broken', 'gzip', Buffer.from(TEXT)],
    ['that is cut', 'gzip', gzipSync(TEXT).subarray(0, 20)],
    ['that grows without end', 'gzip', gzipSync('x'.repeat(2_000))],
  ])('%s is refused', async (_what, encoding, body) => {
    await expect(decode(encoding, body)).rejects.toThrow();
  });
});
