/** Encodings that a client's signed `Accept-Encoding` can bring about, and that the platform decodes. */
const FORMATS: Readonly<Record<string, 'gzip' | 'deflate'>> = {
  gzip: 'gzip',
  'x-gzip': 'gzip',
  deflate: 'deflate',
};

/**
 * The body of an answer without its content encoding. Nobody here asks for one; a header that the caller has signed may.
 *
 * Source: RFC 9110, 8.4.
 *
 * @param encoding - `Content-Encoding`
 * @param body - as it came
 * @param maxBytes - longest result
 * @throws Error when the encoding is another one, the body is broken, or the result is too long
 */
export async function decodedBody(
  encoding: string | undefined,
  body: Uint8Array,
  maxBytes: number,
): Promise<Uint8Array> {
  if (encoding === undefined || encoding === '' || encoding === 'identity') return body;
  const format = FORMATS[encoding.toLowerCase()];
  if (format === undefined) throw new Error('an encoding that nobody asked for');
  const encoded = new Blob([new Uint8Array(body)]).stream();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of encoded.pipeThrough(
    new DecompressionStream(format),
  ) as unknown as AsyncIterable<Uint8Array>) {
    length += chunk.byteLength;
    if (length > maxBytes) throw new Error('answer too large');
    chunks.push(chunk);
  }
  return new Uint8Array(await new Blob(chunks as BlobPart[]).arrayBuffer());
}
