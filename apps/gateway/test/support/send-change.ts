import { request } from 'node:http';
import { connect } from 'node:net';

/** A whole answer of the gateway. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** The body, byte for byte. */
  readonly text: string;
  /** The body, parsed; empty when it is not JSON. */
  readonly json: Readonly<Record<string, unknown>>;
  readonly milliseconds: number;
}

/** What to send, and from where. */
export interface Sending {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Address to send from: the whole of 127.0.0.0/8 is this machine's. */
  readonly from?: string;
}

/** Sends one request on a connection of its own. */
export function send(
  url: string,
  { method = 'GET', headers = {}, body, from }: Sending = {},
): Promise<Reply> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(
      url,
      { method, headers, agent: false, ...(from !== undefined && { localAddress: from }) },
      (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => (text += chunk));
        response.on('error', reject);
        response.on('end', () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers as Record<string, string>,
            text,
            json: parsed(text),
            milliseconds: performance.now() - started,
          });
        });
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return {};
  }
}

/** The two passwords of a change. */
export interface Passwords {
  readonly currentPassword?: string;
  readonly newPassword: string;
}

/** Sends a change to the one route of a gateway. */
export function sendChange(
  gateway: string,
  passwords: Passwords,
  { headers, ...rest }: Sending = {},
): Promise<Reply> {
  return send(`${gateway}/password/change`, {
    ...rest,
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(passwords),
  });
}

/** Sends bytes as they are, and gives all that comes back until the gateway closes the connection. */
export function sendBytes(url: string, bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(Number(port), hostname, () => socket.write(Buffer.from(bytes, 'latin1')));
    socket.setEncoding('latin1').setTimeout(1_000, () => socket.destroy());
    socket.on('data', (chunk) => (text += String(chunk)));
    // A reset is one way to close.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      resolve(text);
    });
  });
}
