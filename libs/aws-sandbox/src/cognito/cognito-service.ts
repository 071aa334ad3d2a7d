import { AwsError } from '../aws-error.js';
import type { Answer, AwsService, Call, SandboxRequest } from '../service.js';
import { changePassword } from './change-password.js';
import { cognitoError } from './errors.js';
import { initiateAuth } from './initiate-auth.js';
import { jsonAnswer, jsonErrorAnswer, parseJsonInput, type JsonInput } from './json-protocol.js';
import { getUser, globalSignOut } from './signed-in-user.js';
import type { PoolDirectory } from './user-pool.js';

type Operation = (pools: PoolDirectory, call: Call, input: JsonInput) => object;

const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  ['ChangePassword', changePassword],
  ['GetUser', getUser],
  ['GlobalSignOut', globalSignOut],
  ['InitiateAuth', initiateAuth],
]);

const TARGET_PREFIX = 'AWSCognitoIdentityProviderService.';

/** The operation that an `X-Amz-Target` header names. */
export function cognitoActionOf(target: string): string {
  return target.startsWith(TARGET_PREFIX) ? target.slice(TARGET_PREFIX.length) : 'Unknown';
}

/** Cognito user pools over AWS JSON 1.1. */
export class CognitoService implements AwsService {
  constructor(private readonly pools: PoolDirectory) {}

  readonly run = (call: Call, request: SandboxRequest): Answer => {
    const { requestId, action } = call.record;
    try {
      const operation = OPERATIONS.get(action);
      if (!operation) throw cognitoError('UnknownOperationException');
      return jsonAnswer(requestId, operation(this.pools, call, parseJsonInput(request.body)));
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      call.record.error = error.code;
      return jsonErrorAnswer(requestId, error);
    }
  };
}
