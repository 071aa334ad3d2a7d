import { Buffer } from 'node:buffer';
import { once } from 'node:events';
import { Agent, createServer, request as send } from 'node:http';

/**
 * Stands between gateway and sandbox, sees every call whole, and checks it against what was allowed. Calls are told
 * apart by their credential.
 */
export class UpstreamTap {
  count = 0;
  /** Calls that nobody had allowed. */
  #violations = [];
  #allowed = new Map();
  #server;
  #agent = new Agent({ keepAlive: true });

  /** @param sandboxUrl where calls go on to */
  static async start(sandboxUrl) {
    const tap = new UpstreamTap();
    const { hostname, port } = new URL(sandboxUrl);
    tap.#server = createServer((request, response) => tap.#relay(request, response, { hostname, port }));
    tap.#server.listen(0, '127.0.0.1');
    await once(tap.#server, 'listening');
    return tap;
  }

  get url() {
    return `http://127.0.0.1:${this.#server.address().port}`;
  }

  /** One call with this credential may come. */
  allow(credential) {
    const allowance = this.#allowed.get(credential) ?? { left: 0, used: [] };
    allowance.left += 1;
    this.#allowed.set(credential, allowance);
  }

  /**
   * The calls that came with a credential since this was last asked.
   *
   * @param ended whether no more may come
   */
  calls(credential, ended) {
    const allowance = this.#allowed.get(credential);
    if (ended) this.#allowed.delete(credential);
    return allowance?.used.splice(0) ?? [];
  }

  /**
   * Takes out the calls that should not have come, so that they are told once; one of them is returned.
   *
   * @param text what a case sent, for the calls with a credential of it; undefined for any
   */
  takeViolation(text) {
    const isMine = ({ credential }) => text?.includes(credential) ?? true;
    const found = this.#violations.find(isMine);
    this.#violations = this.#violations.filter((violation) => !isMine(violation));
    return found && JSON.stringify(found);
  }

  close() {
    this.#agent.destroy();
    this.#server.closeAllConnections();
    this.#server.close();
  }

  async #relay(request, response, { hostname, port }) {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks);
    const { method, url: path, rawHeaders: headers } = request;
    if (method === 'POST') this.#note(request.headers, path, body);
    const onward = send({ hostname, port, method, path, headers, agent: this.#agent }, (answer) => {
      response.writeHead(answer.statusCode, answer.rawHeaders);
      answer.pipe(response);
    });
    onward.on('error', () => response.destroy());
    onward.end(body);
  }

  #note(headers, path, body) {
    this.count += 1;
    const call = headers['x-amz-target'] === undefined ? iamCall(headers, body) : cognitoCall(headers, body);
    const allowance = this.#allowed.get(call.credential);
    if (path !== '/' || !call.isChange) this.#violations.push({ ...call, why: 'it is not ChangePassword' });
    else if (allowance === undefined || allowance.left === 0)
      this.#violations.push({ ...call, why: 'no case in flight had this credential' });
    else {
      allowance.left -= 1;
      allowance.used.push(call);
    }
  }
}

function cognitoCall(headers, body) {
  const { AccessToken, PreviousPassword, ProposedPassword, ...more } = JSON.parse(body.toString('utf8'));
  return {
    credential: AccessToken,
    currentPassword: PreviousPassword,
    newPassword: ProposedPassword,
    isChange:
      headers['x-amz-target'] === 'AWSCognitoIdentityProviderService.ChangePassword' &&
      Object.keys(more).length === 0,
  };
}

function iamCall(headers, body) {
  const parameters = new URL(`http://iam/?${body.toString('latin1')}`).searchParams;
  return {
    credential: headers.authorization,
    currentPassword: parameters.get('OldPassword'),
    newPassword: parameters.get('NewPassword'),
    isChange: [...parameters.keys()].join() === 'Action,Version,OldPassword,NewPassword',
  };
}
