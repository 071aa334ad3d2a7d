import type { CognitoControl } from '../cognito/cognito-control.js';
import type { ControlRoute } from './control.js';
import { definedOnly, JsonFields } from './json-fields.js';

const USER_FIELDS = ['poolId', 'username', 'password', 'status', 'enabled'] as const;
const STATUSES = ['CONFIRMED', 'UNCONFIRMED', 'RESET_REQUIRED'] as const;

function userOf(fields: JsonFields): [poolId: string, username: string] {
  return [fields.requiredText('poolId'), fields.requiredText('username')];
}

/** The control routes of Cognito; their paths and bodies are listed in `control.ts`. */
export function cognitoRoutes(cognito: CognitoControl): Readonly<Record<string, ControlRoute>> {
  return {
    'POST /_sandbox/cognito/pools': (body) => {
      const fields = new JsonFields(body, ['region', 'passwordPolicy', 'attemptLimit']);
      const limit = fields.raw('attemptLimit');
      return cognito.createUserPool({
        region: fields.text('region'),
        passwordPolicy: policyOf(fields.raw('passwordPolicy') ?? {}),
        attemptLimit: limit === false ? false : fields.number('attemptLimit'),
      });
    },
    'DELETE /_sandbox/cognito/pools': (body) => {
      cognito.deleteUserPool(new JsonFields(body, ['poolId']).requiredText('poolId'));
    },
    'POST /_sandbox/cognito/users': (body) => {
      const fields = new JsonFields(body, USER_FIELDS);
      const [poolId, username] = userOf(fields);
      return cognito.createUser(poolId, {
        username,
        password: fields.text('password'),
        status: fields.oneOf('status', STATUSES),
        enabled: fields.flag('enabled'),
      });
    },
    'PATCH /_sandbox/cognito/users': (body) => {
      const fields = new JsonFields(body, USER_FIELDS);
      cognito.updateUser(...userOf(fields), {
        password: fields.textOrNull('password'),
        status: fields.oneOf('status', STATUSES),
        enabled: fields.flag('enabled'),
      });
    },
    'DELETE /_sandbox/cognito/users': (body) => {
      cognito.deleteUser(...userOf(new JsonFields(body, ['poolId', 'username'])));
    },
    'POST /_sandbox/cognito/tokens': (body) => {
      const fields = new JsonFields(body, [
        'poolId',
        'username',
        'password',
        'scope',
        'expiresInSeconds',
        'clientId',
        'kid',
        'claims',
        'header',
      ]);
      const [poolId, username] = userOf(fields);
      const password = fields.text('password');
      if (password !== undefined) return cognito.signIn(poolId, username, password);
      return cognito.issueTokens(poolId, username, {
        scope: fields.text('scope'),
        expiresInSeconds: fields.number('expiresInSeconds'),
        clientId: fields.text('clientId'),
        kid: fields.text('kid'),
        claims: fields.object('claims'),
        header: fields.object('header'),
      });
    },
    'POST /_sandbox/cognito/password-matches': (body) => {
      const fields = new JsonFields(body, ['poolId', 'username', 'password']);
      return { matches: cognito.passwordMatches(...userOf(fields), fields.requiredText('password')) };
    },
    'POST /_sandbox/cognito/keys/rotate': (body) => {
      const fields = new JsonFields(body, ['poolId', 'keepOld']);
      const { kid } = cognito.rotateKey(fields.requiredText('poolId'), { keepOld: fields.flag('keepOld') });
      return { kid };
    },
  };
}

function policyOf(value: unknown) {
  const fields = new JsonFields(value, [
    'minimumLength',
    'requireUppercase',
    'requireLowercase',
    'requireNumbers',
    'requireSymbols',
    'passwordHistorySize',
  ]);
  return definedOnly({
    minimumLength: fields.number('minimumLength'),
    requireUppercase: fields.flag('requireUppercase'),
    requireLowercase: fields.flag('requireLowercase'),
    requireNumbers: fields.flag('requireNumbers'),
    requireSymbols: fields.flag('requireSymbols'),
    passwordHistorySize: fields.number('passwordHistorySize'),
  });
}
