export {
  COGNITO_ACCESS_TOKEN_MAX_LENGTH,
  COGNITO_ACCESS_TOKEN_RULES,
  cognitoAccessTokenViolations,
} from './cognito-access-token.js';
export {
  COGNITO_PASSWORD_MAX_LENGTH,
  COGNITO_PASSWORD_RULES,
  cognitoPasswordViolations,
} from './cognito-password.js';
export { IAM_PASSWORD_MAX_LENGTH, IAM_PASSWORD_RULES, iamPasswordViolations } from './iam-password.js';
export {
  invalidChangeError,
  passwordChangeViolations,
  type UncheckedPasswordChange,
} from './password-change.js';
export { codePointLength, type Rule, type Violation } from './rule.js';
export { parseSigV4Authorization, SIGV4_ALGORITHM, type SigV4Authorization } from './sigv4-authorization.js';
