export {
  type CognitoPasswordChange,
  type CognitoPasswordChanged,
  CognitoPasswordProvider,
} from './cognito-password-provider.js';
export type {
  CognitoCallOptions,
  CognitoClient,
  CognitoClientOptions,
  CognitoEndpointOptions,
  CognitoPasswordProviderOptions,
  CognitoRegionOptions,
} from './provider-options.js';
