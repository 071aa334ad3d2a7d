import { AwsError } from '../aws-error.js';
import { headerOf, type Answer, type AwsService, type Call, type SandboxRequest } from '../service.js';
import { verifySigV4 } from '../sigv4/index.js';
import type { IamAccount, Principal } from './account.js';
import { changePassword } from './change-password.js';
import { iamEndpoint, stsEndpoint, type QueryEndpoint } from './endpoints.js';
import { iamError } from './errors.js';
import { getAccountPasswordPolicy } from './get-account-password-policy.js';
import { getCallerIdentity } from './get-caller-identity.js';
import {
  parseParameters,
  xmlAnswer,
  xmlErrorAnswer,
  type QueryDialect,
  type QueryParameters,
} from './query-protocol.js';

/** An authenticated Query call, as an operation sees it. */
export interface QueryCall {
  readonly call: Call;
  readonly account: IamAccount;
  readonly principal: Principal;
  readonly partition: string;
  readonly parameters: QueryParameters;
}

/** Answers with the XML of the result, or with nothing when the operation has no output. */
type Operation = (query: QueryCall) => string | undefined;

interface QueryApi extends QueryDialect {
  readonly service: 'iam' | 'sts';
  readonly operations: ReadonlyMap<string, Operation>;
}

const IAM: QueryApi = {
  service: 'iam',
  version: '2010-05-08',
  namespace: 'https://iam.amazonaws.com/doc/2010-05-08/',
  operations: new Map<string, Operation>([
    ['ChangePassword', changePassword],
    ['GetAccountPasswordPolicy', getAccountPasswordPolicy],
  ]),
};

const STS: QueryApi = {
  service: 'sts',
  version: '2011-06-15',
  namespace: 'https://sts.amazonaws.com/doc/2011-06-15/',
  operations: new Map<string, Operation>([['GetCallerIdentity', getCallerIdentity]]),
};

/** The action that a Query request names, without judging anything else about it. */
export function queryActionOf(request: SandboxRequest): string {
  try {
    return parseParameters(request).get('Action') ?? 'Unknown';
  } catch {
    return 'Unknown';
  }
}

/** Which of the two services an action belongs to; IAM answers for unknown ones. */
export function queryServiceOf(action: string): 'iam' | 'sts' {
  return STS.operations.has(action) ? 'sts' : 'iam';
}

/** IAM or STS over AWS Query: signature first, then parameters, then the operation. */
export class QueryService implements AwsService {
  readonly #account: IamAccount;
  readonly #api: QueryApi;

  constructor(account: IamAccount, service: 'iam' | 'sts') {
    this.#account = account;
    this.#api = service === 'iam' ? IAM : STS;
  }

  readonly run = (call: Call, request: SandboxRequest): Answer => {
    const { requestId } = call.record;
    try {
      const endpoint = endpointOf(this.#api.service, request);
      const principal = this.#authenticate(call, request, endpoint);
      const parameters = parseParameters(request);
      const action = parameters.get('Action');
      if (action === undefined) throw iamError('MissingAction');
      const version = parameters.get('Version') ?? 'NO_VERSION_SPECIFIED';
      const operation = version === this.#api.version ? this.#api.operations.get(action) : undefined;
      if (!operation) {
        throw iamError('InvalidAction', `Could not find operation ${action} for version ${version}`);
      }
      const { partition } = endpoint;
      const result = operation({ call, account: this.#account, principal, partition, parameters });
      return xmlAnswer(requestId, this.#api, action, result);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      call.record.error = error.code;
      return xmlErrorAnswer(requestId, this.#api, error);
    }
  };

  #authenticate(call: Call, request: SandboxRequest, endpoint: QueryEndpoint): Principal {
    const { credentials } = this.#account;
    const result = verifySigV4(request, {
      service: this.#api.service,
      region: endpoint.region,
      now: call.now,
      lookup: (accessKeyId) => credentials.get(accessKeyId)?.key,
    });
    if (!result.ok) throw new AwsError(result.code, result.status, result.message);
    const principal = credentials.get(result.accessKeyId)?.principal;
    // IAM itself refuses the sessions of GetSessionToken that prove no MFA, and does so with these words.
    const refused =
      this.#api.service === 'iam' && principal?.kind === 'user' && principal.credentials === 'session';
    if (!principal || refused) throw iamError('InvalidClientTokenId');
    return principal;
  }
}

function endpointOf(service: 'iam' | 'sts', { headers }: SandboxRequest): QueryEndpoint {
  const host = headerOf(headers, 'host') ?? '';
  if (service === 'iam') return iamEndpoint(host);
  const scope = /Credential=[^/,\s]+\/\d{8}\/([^/,\s]+)\//u.exec(headerOf(headers, 'authorization') ?? '');
  return stsEndpoint(host, scope?.[1]);
}
