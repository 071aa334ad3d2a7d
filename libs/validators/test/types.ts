import { IsCognitoPassword } from '../src/decorators.js';
import { cognitoPasswordViolations, passwordChangeViolations, type Violation } from '../src/index.js';

// Compiled by the typecheck target and never run: each @ts-expect-error fails the build once its line compiles.

/** Whatever arrived may be judged. */
export const judged: Violation[][] = [cognitoPasswordViolations(undefined), cognitoPasswordViolations(7)];

// @ts-expect-error -- no such provider
passwordChangeViolations('ldap', { newPassword: 'b' });

// @ts-expect-error -- rules are read, not changed
judged[0]![0]!.code = 'invalid';

// @ts-expect-error -- the codes are a closed list
export const unknownRule: Violation = { code: 'too_weak', detail: '' };

// @ts-expect-error -- a decorator of properties, not of classes
@IsCognitoPassword()
export class Fields {}
