import { createHash, createHmac } from 'node:crypto';

/** A header line: name and value. */
export type HeaderLine = readonly [name: string, value: string];

/** What to sign. */
export interface FormToSign {
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly body: string;
  /** The host that is signed; IAM's own unless given. */
  readonly host?: string;
  readonly region?: string;
  /** Headers to sign beside content type, host and date. */
  readonly headers?: readonly HeaderLine[];
  /** Value that stands for the hash of the body, as with unsigned and streamed payloads. */
  readonly payloadHash?: string;
  readonly at?: Date;
}

const FORM = 'application/x-www-form-urlencoded; charset=utf-8';

/**
 * Signs a form by hand, so that it may be odd: IAM User Guide, "Create a signed AWS API request".
 *
 * @returns the header lines of the request but `Content-Length`, `Host` first
 */
export function signForm(form: FormToSign): HeaderLine[] {
  const {
    keys,
    body,
    host = 'iam.amazonaws.com',
    region = 'us-east-1',
    headers = [],
    at = new Date(),
  } = form;
  const amzDate = at.toISOString().replace(/[-:]|\.\d+/gu, '');
  const scope = `${amzDate.slice(0, 8)}/${region}/iam/aws4_request`;
  const lines: HeaderLine[] = [['Host', host], ['Content-Type', FORM], ['X-Amz-Date', amzDate], ...headers];
  const sorted = lines
    .map(([name, value]): HeaderLine => [name.toLowerCase(), value])
    .sort(([a], [b]) => (a < b ? -1 : 1));
  const names = sorted.map(([name]) => name).join(';');
  const canonical = [
    ...['POST', '/', '', ...sorted.map(([name, value]) => `${name}:${value}`), '', names],
    form.payloadHash ?? sha256(body),
  ].join('\n');
  const key = [...scope.split('/')].reduce<string | Buffer>(hmac, `AWS4${keys.secretAccessKey}`);
  const signature = hmac(key, `AWS4-HMAC-SHA256\n${amzDate}\n${scope}\n${sha256(canonical)}`).toString('hex');
  const credential = `Credential=${keys.accessKeyId}/${scope}`;
  return [
    ...lines,
    ['Authorization', `AWS4-HMAC-SHA256 ${credential}, SignedHeaders=${names}, Signature=${signature}`],
  ];
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
