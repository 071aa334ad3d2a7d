import { createHash, createHmac } from 'node:crypto';
import { request } from 'node:http';
import type { AwsSandbox } from '../src/sandbox.js';

/** A Query request, written by hand so that it may be odd. */
export interface QueryRequest {
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly body: string;
  /** Query string without its question mark, in canonical order. */
  readonly query?: string;
  readonly service?: string;
  readonly region?: string;
  readonly host?: string;
  readonly at?: Date;
}

/** An answer as it came. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: string;
}

/** Signs a request ("Create a signed AWS API request" in the IAM User Guide) and sends it to the sandbox. */
export function sendSigned(sandbox: AwsSandbox, query: QueryRequest): Promise<RawAnswer> {
  const { credentials, body, service = 'iam', region = 'us-east-1', host = 'iam.amazonaws.com' } = query;
  const amzDate = (query.at ?? new Date()).toISOString().replace(/[-:]|\.\d+/gu, '');
  const scope = `${amzDate.slice(0, 8)}/${region}/${service}/aws4_request`;
  const contentType = 'application/x-www-form-urlencoded; charset=utf-8';
  const canonical = [
    'POST',
    '/',
    query.query ?? '',
    `content-type:${contentType}\nhost:${host}\nx-amz-date:${amzDate}\n`,
    'content-type;host;x-amz-date',
    createHash('sha256').update(body).digest('hex'),
  ].join('\n');
  const toSign = `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${createHash('sha256').update(canonical).digest('hex')}`;
  const key = scope
    .split('/')
    .reduce<string | Buffer>((secret, part) => hmac(secret, part), `AWS4${credentials.secretAccessKey}`);
  const authorization =
    `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, ` +
    `SignedHeaders=content-type;host;x-amz-date, Signature=${hmac(key, toSign).toString('hex')}`;
  return sendRaw(sandbox, {
    path: query.query === undefined ? '/' : `/?${query.query}`,
    headers: { host, 'content-type': contentType, 'x-amz-date': amzDate, authorization },
    body,
  });
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}

/** Sends a POST with exactly these headers. */
export function sendRaw(
  sandbox: AwsSandbox,
  what: { readonly path?: string; readonly headers: Readonly<Record<string, string>>; readonly body: string },
): Promise<RawAnswer> {
  const { hostname, port } = new URL(sandbox.url);
  return new Promise((resolve, reject) => {
    const sent = request(
      { hostname, port, method: 'POST', path: what.path ?? '/', headers: what.headers, agent: false },
      (response) => {
        let body = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (body += chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body });
        });
      },
    );
    sent.on('error', reject);
    sent.end(what.body);
  });
}
