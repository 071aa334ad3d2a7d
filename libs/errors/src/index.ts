export { checkedEndpoint } from './endpoint.js';
export type { FieldError, FieldErrorCode } from './field-error.js';
export { NEXT_STEPS, type NextStep } from './next-step.js';
export {
  type Confidence,
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProviderName,
  type UpstreamReference,
} from './password-change-error.js';
export { sdkEndpoint, type SdkEndpointConfig } from './sdk-endpoint.js';
export {
  type Outcome,
  PROBLEM_CODES,
  type ProblemCode,
  type ProblemDefinition,
  problemDefinition,
  PROBLEMS,
} from './taxonomy.js';
export { checkedTimeoutMs } from './timeout.js';
export { provesNothingWasSent } from './transport-failure.js';
export {
  callUpstream,
  MAX_ANSWER_BYTES,
  type UpstreamAnswer,
  type UpstreamCall,
  type UpstreamHandler,
  upstreamReference,
  type UpstreamRequest,
} from './upstream-call.js';
export {
  type ConstraintError,
  constraintErrors,
  constraintVerdict,
  INCORRECT_PASSWORD,
  mapUpstreamError,
  passwordPolicyVerdict,
  type UpstreamError,
  type UpstreamRule,
  type UpstreamVerdict,
  USED_BEFORE,
} from './upstream-mapping.js';
