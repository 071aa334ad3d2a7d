import type { ControlHandler } from '../http/router.js';
import type { AwsSandbox } from '../sandbox.js';
import type { Answer } from '../service.js';
import { cognitoRoutes } from './cognito-routes.js';
import { demoRoutes } from './demo-routes.js';
import { faultScriptFrom } from './fault-input.js';
import { iamRoutes } from './iam-routes.js';
import { ControlInputError, JsonFields } from './json-fields.js';

/** Does what a control request asks; what it returns is the answer's body, nothing makes it 204. */
export type ControlRoute = (body: unknown) => unknown;

/**
 * The control API over HTTP: what the sandbox object offers in process, as JSON. A body needs the content type
 * `application/json`, so that no web page can send one without asking first. Answers: 200 with JSON, 204, 400
 * `{"message"}` for a body that is not understood or names something unknown, 404 for an unknown route.
 *
 * | request | body | answer |
 * |---|---|---|
 * | `GET /_sandbox/health` | | `{status}` |
 * | `POST /_sandbox/faults` | `{service?, action?, times?, fault: {kind, …}}`, see `Fault`; `times` may be `"always"` | |
 * | `DELETE /_sandbox/faults` | | |
 * | `GET /_sandbox/calls` | | `{calls, count, jwksFetches, connections}`, see `CallRecord` |
 * | `DELETE /_sandbox/calls` | | |
 * | `POST /_sandbox/reset` | | |
 * | `POST /_sandbox/jwks` | `{fail}` | |
 * | `POST /_sandbox/cognito/pools` | `{region?, passwordPolicy?, attemptLimit?}` | `{id, issuer, region, clientId}` |
 * | `DELETE /_sandbox/cognito/pools` | `{poolId}` | |
 * | `POST /_sandbox/cognito/users` | `{poolId, username, password?, status?, enabled?}` | `{sub}` |
 * | `PATCH /_sandbox/cognito/users` | the same; `password: null` makes it passwordless | |
 * | `DELETE /_sandbox/cognito/users` | `{poolId, username}` | |
 * | `POST /_sandbox/cognito/tokens` | `{poolId, username, password}` signs in; without a password `{scope?, expiresInSeconds?, clientId?, kid?, claims?, header?}` | `{accessToken, idToken, refreshToken}` |
 * | `POST /_sandbox/cognito/password-matches` | `{poolId, username, password}` | `{matches}` |
 * | `POST /_sandbox/cognito/keys/rotate` | `{poolId, keepOld?}` | `{kid}` |
 * | `POST /_sandbox/iam/users` | `{userName, password?, canChangePassword?, unmodifiable?}` | `{arn}` |
 * | `PATCH /_sandbox/iam/users` | the same; `password: null` removes the login profile | |
 * | `DELETE /_sandbox/iam/users` | `{userName}` | |
 * | `POST /_sandbox/iam/access-keys` | `{userName}`, or `root` as name | `{accessKeyId, secretAccessKey}` |
 * | `POST /_sandbox/iam/sessions` | `{userName or assumedRole, expiresInSeconds?, mfa?}` | `{accessKeyId, secretAccessKey, sessionToken, expiration}` |
 * | `POST /_sandbox/iam/password-policy` | the fields of `AccountPasswordPolicy` | |
 * | `DELETE /_sandbox/iam/password-policy` | | |
 * | `POST /_sandbox/iam/password-matches` | `{userName, password}` | `{matches}` |
 * | `POST /_sandbox/demo/cognito` | | `{provider, username, accessToken, currentPassword}`; the user starts over |
 * | `POST /_sandbox/demo/iam` | | `{provider, userName, accessKeyId, secretAccessKey, currentPassword}`; the user starts over |
 *
 * `refuse` and `accept` exist in process only: over HTTP nobody would be left to hear the second.
 */
export function controlHandler(sandbox: AwsSandbox): ControlHandler {
  const routes: Readonly<Record<string, ControlRoute>> = {
    ...sandboxRoutes(sandbox),
    ...cognitoRoutes(sandbox.cognito),
    ...iamRoutes(sandbox.iam),
    ...demoRoutes(sandbox),
  };
  return (method, path, contentType, body) => {
    const name = `${method} ${path}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    if (!route) return json(404, { message: `no such control route: ${name}` });
    try {
      const output = route(parse(contentType, body));
      return output === undefined ? { status: 204, headers: {}, body: '' } : json(200, output);
    } catch (error) {
      return json(400, { message: error instanceof Error ? error.message : 'failed' });
    }
  };
}

function sandboxRoutes(sandbox: AwsSandbox): Readonly<Record<string, ControlRoute>> {
  return {
    'GET /_sandbox/health': () => ({ status: 'ok' }),
    'POST /_sandbox/faults': (body) => {
      sandbox.faults.next(faultScriptFrom(body));
    },
    'DELETE /_sandbox/faults': () => {
      sandbox.faults.clear();
    },
    'GET /_sandbox/calls': () => ({
      calls: sandbox.calls,
      count: sandbox.callCount,
      jwksFetches: sandbox.jwksFetches,
      connections: sandbox.connections,
    }),
    'DELETE /_sandbox/calls': () => {
      sandbox.clearCalls();
    },
    'POST /_sandbox/reset': () => {
      sandbox.reset();
    },
    'POST /_sandbox/jwks': (body) => {
      const failing = new JsonFields(body, ['fail']).flag('fail');
      if (failing === undefined) throw new ControlInputError('"fail" is missing');
      sandbox.jwks.fail(failing);
    },
  };
}

function parse(contentType: string | undefined, body: Buffer): unknown {
  if (body.length === 0) return {};
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json') {
    throw new ControlInputError('send the body as application/json');
  }
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    throw new ControlInputError('the body is not JSON');
  }
}

function json(status: number, body: unknown): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
}
