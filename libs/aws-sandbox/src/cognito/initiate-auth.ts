import type { Call } from '../service.js';
import { cognitoError } from './errors.js';
import { stringMember, type JsonInput } from './json-protocol.js';
import { authenticate } from './sign-in.js';
import { issueTokens } from './tokens.js';
import type { PoolDirectory } from './user-pool.js';

/**
 * The operation InitiateAuth, of whose flows only `USER_PASSWORD_AUTH` exists here.
 *
 * @throws AwsError `InvalidParameterException`, `ResourceNotFoundException`, and what `authenticate` throws
 */
export function initiateAuth(pools: PoolDirectory, call: Call, input: JsonInput): object {
  if (stringMember(input, 'AuthFlow') !== 'USER_PASSWORD_AUTH') {
    throw cognitoError('InvalidParameterException', 'Initiate Auth method not supported.');
  }
  const parameters = parametersOf(input);
  const username = required(parameters, 'USERNAME');
  const password = required(parameters, 'PASSWORD');
  const clientId = stringMember(input, 'ClientId') ?? '';
  const pool = pools.findByClientId(clientId);
  if (!pool) throw cognitoError('ResourceNotFoundException', `User pool client ${clientId} does not exist.`);
  call.checkpoint();
  const user = authenticate(pool, username, password, call.now);
  const tokens = issueTokens(pool, user, call.now, { clientId });
  call.record.committed = true;
  return {
    AuthenticationResult: {
      AccessToken: tokens.accessToken,
      ExpiresIn: 3600,
      IdToken: tokens.idToken,
      RefreshToken: tokens.refreshToken,
      TokenType: 'Bearer',
    },
    ChallengeParameters: {},
  };
}

function parametersOf(input: JsonInput): JsonInput {
  const value = input['AuthParameters'];
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function required(parameters: JsonInput, name: string): string {
  const value = stringMember(parameters, name);
  if (value === undefined) {
    throw cognitoError('InvalidParameterException', `Missing required parameter ${name}`);
  }
  return value;
}
