export {
  type CognitoPasswordChange,
  type CognitoPasswordChanged,
  CognitoPasswordProvider,
  type CognitoPasswordProviderOptions,
} from './cognito-password-provider.js';
