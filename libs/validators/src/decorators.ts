import { ValidateBy, type ValidationOptions } from 'class-validator';

import { COGNITO_ACCESS_TOKEN_RULES } from './cognito-access-token.js';
import { COGNITO_PASSWORD_RULES } from './cognito-password.js';
import { IAM_PASSWORD_RULES } from './iam-password.js';
import { IS_PRESENT, SAME_AS_CURRENT } from './password-change.js';
import type { Rule } from './rule.js';

/** One class-validator constraint per rule, named by the rule's code, so that one run reports every broken rule. */
function byRules(rules: readonly Rule[], options?: ValidationOptions): PropertyDecorator {
  const decorators = rules.map(({ code, detail, holds }) =>
    ValidateBy({ name: code, validator: { validate: holds, defaultMessage: () => detail } }, options),
  );
  return (target, property) => {
    for (const decorate of decorators) decorate(target, property);
  };
}

/**
 * class-validator decorator: the value may be sent to Amazon Cognito as a password. Each broken rule is a constraint of
 * its own, named by its field error code; see `COGNITO_PASSWORD_RULES` for the rules and their source.
 */
export function IsCognitoPassword(options?: ValidationOptions): PropertyDecorator {
  return byRules(COGNITO_PASSWORD_RULES, options);
}

/**
 * class-validator decorator: the value may be sent to AWS IAM as a password. Each broken rule is a constraint of its
 * own, named by its field error code; see `IAM_PASSWORD_RULES` for the rules and their source.
 */
export function IsIamPassword(options?: ValidationOptions): PropertyDecorator {
  return byRules(IAM_PASSWORD_RULES, options);
}

/**
 * class-validator decorator: the value has the form of an Amazon Cognito access token; see
 * `COGNITO_ACCESS_TOKEN_RULES`.
 */
export function IsCognitoAccessToken(options?: ValidationOptions): PropertyDecorator {
  return byRules(COGNITO_ACCESS_TOKEN_RULES, options);
}

/** class-validator decorator: the field is there; constraint `required`. */
export function IsPresent(options?: ValidationOptions): PropertyDecorator {
  return byRules([IS_PRESENT], options);
}

/**
 * class-validator decorator: the new password differs from the current one; constraint `same_as_current`.
 *
 * @param currentField - name of the property that holds the current password
 */
export function DiffersFrom(currentField: string, options?: ValidationOptions): PropertyDecorator {
  return ValidateBy(
    {
      name: SAME_AS_CURRENT.code,
      validator: {
        validate: (value, args) =>
          typeof value !== 'string' ||
          value !== (args?.object as Record<string, unknown> | undefined)?.[currentField],
        defaultMessage: () => SAME_AS_CURRENT.detail,
      },
    },
    options,
  );
}
