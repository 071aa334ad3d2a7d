import type { ChangePermission } from '../iam/account.js';
import type { IamControl } from '../iam/iam-control.js';
import type { ControlRoute } from './control.js';
import { ControlInputError, definedOnly, JsonFields } from './json-fields.js';

const USER_FIELDS = ['userName', 'password', 'canChangePassword', 'unmodifiable'] as const;

/** The control routes of IAM; their paths and bodies are listed in `control.ts`. */
export function iamRoutes(iam: IamControl): Readonly<Record<string, ControlRoute>> {
  return {
    'POST /_sandbox/iam/users': (body) => {
      const fields = new JsonFields(body, USER_FIELDS);
      return iam.createUser({
        userName: fields.requiredText('userName'),
        password: fields.text('password'),
        canChangePassword: permissionOf(fields),
        unmodifiable: fields.flag('unmodifiable'),
      });
    },
    'PATCH /_sandbox/iam/users': (body) => {
      const fields = new JsonFields(body, USER_FIELDS);
      iam.updateUser(fields.requiredText('userName'), {
        password: fields.textOrNull('password'),
        canChangePassword: permissionOf(fields),
        unmodifiable: fields.flag('unmodifiable'),
      });
    },
    'DELETE /_sandbox/iam/users': (body) => {
      iam.deleteUser(new JsonFields(body, ['userName']).requiredText('userName'));
    },
    'POST /_sandbox/iam/access-keys': (body) =>
      iam.createAccessKey(new JsonFields(body, ['userName']).requiredText('userName')),
    'POST /_sandbox/iam/sessions': (body) => {
      const fields = new JsonFields(body, ['userName', 'assumedRole', 'expiresInSeconds', 'mfa']);
      const assumedRole = fields.text('assumedRole');
      if ((assumedRole === undefined) === !fields.has('userName')) {
        throw new ControlInputError('give either "userName" or "assumedRole"');
      }
      return iam.createSession(
        assumedRole === undefined ? fields.requiredText('userName') : { assumedRole },
        {
          expiresInSeconds: fields.number('expiresInSeconds'),
          mfa: fields.flag('mfa'),
        },
      );
    },
    'POST /_sandbox/iam/password-policy': (body) => {
      iam.setPasswordPolicy(policyOf(body));
    },
    'DELETE /_sandbox/iam/password-policy': () => {
      iam.setPasswordPolicy(null);
    },
    'POST /_sandbox/iam/password-matches': (body) => {
      const fields = new JsonFields(body, ['userName', 'password']);
      return {
        matches: iam.passwordMatches(fields.requiredText('userName'), fields.requiredText('password')),
      };
    },
  };
}

function permissionOf(fields: JsonFields): ChangePermission | undefined {
  return fields.raw('canChangePassword') === 'with-mfa' ? 'with-mfa' : fields.flag('canChangePassword');
}

function policyOf(value: unknown) {
  const fields = new JsonFields(value, [
    'minimumPasswordLength',
    'requireSymbols',
    'requireNumbers',
    'requireUppercaseCharacters',
    'requireLowercaseCharacters',
    'allowUsersToChangePassword',
    'passwordReusePrevention',
  ]);
  return definedOnly({
    minimumPasswordLength: fields.number('minimumPasswordLength'),
    requireSymbols: fields.flag('requireSymbols'),
    requireNumbers: fields.flag('requireNumbers'),
    requireUppercaseCharacters: fields.flag('requireUppercaseCharacters'),
    requireLowercaseCharacters: fields.flag('requireLowercaseCharacters'),
    allowUsersToChangePassword: fields.flag('allowUsersToChangePassword'),
    passwordReusePrevention: fields.number('passwordReusePrevention'),
  });
}
