export { accessDeniedVerdict, type DeniedCall } from './access-denied.js';
export { COMMON_ERRORS } from './common-errors.js';
export { type ConstraintError, constraintErrors, constraintVerdict } from './constraint-texts.js';
export { checkedEndpoint } from './endpoint.js';
export {
  COMPROMISED,
  type FieldError,
  type FieldErrorCode,
  INCORRECT_PASSWORD,
  nextStepFor,
  USED_BEFORE,
} from './field-error.js';
export { NEXT_STEPS, type NextStep } from './next-step.js';
export {
  type Confidence,
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProviderName,
  type UpstreamReference,
} from './password-change-error.js';
export { passwordPolicyVerdict, REUSED, REUSED_TEXT } from './policy-texts.js';
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
export { USER_AGENT, userAgentFor } from './user-agent.js';
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
  mapUpstreamError,
  tellableErrorName,
  type UpstreamError,
  type UpstreamRow,
  type UpstreamTable,
  type UpstreamVerdict,
} from './upstream-mapping.js';
