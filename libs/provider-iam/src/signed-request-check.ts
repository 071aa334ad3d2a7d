import { Sha256 } from '@smithy/core/checksum';
import {
  PasswordChangeError,
  type PasswordChangeErrorOptions,
  type ProblemCode,
} from '@password-gateway/errors';
import {
  parseSigV4Authorization,
  SIGV4_ALGORITHM,
  type SigV4Authorization,
} from '@password-gateway/validators';

import {
  IAM_PARTITION_NAMES,
  IAM_PARTITIONS,
  iamHost,
  iamHosts,
  type IamEndpointVariant,
  type IamPartitionName,
} from './partitions.js';
import { isRelayable, RELAYED_HEADERS, type SignedIamForm, type SignedIamRequest } from './signed-request.js';
import { FORM_CONTENT_TYPE } from './upstream-body.js';

/** A signed request whose form is right; only AWS can tell whether its signature is. */
export interface CheckedIamRequest {
  /** The partition whose region the signature names. */
  readonly partition: IamPartitionName;
  /** Who claims to call; not proven. */
  readonly accessKeyId: string;
  /** The `Authorization` header as it is relayed: the parts that were sent, in one spelling. */
  readonly authorization: string;
  /** Signed header names, lower case, sorted. */
  readonly signedHeaders: readonly string[];
  /** `X-Amz-Date` in milliseconds since 1970. */
  readonly signedAt: number;
  /** The `Host` that was signed, so far as anybody can tell. */
  readonly host: string;
  /** The `Content-Type` that was signed, where the gateway makes the body. */
  readonly contentType: string;
}

/** As AWS: its clock may be this far before or behind the signer's. */
const MAX_SKEW_MS = 15 * 60 * 1000;

/** What follows from the request that is made of the passwords. */
const SIGNABLE = new Set([
  'content-length',
  'content-type',
  'host',
  'x-amz-content-sha256',
  'x-amz-date',
  'x-amz-security-token',
]);

const FORM_TYPE = 'application/x-www-form-urlencoded';

const AMZ_DATE = /^\d{8}T\d{6}Z$/;

const SESSION_TOKEN = /^[\x21-\x7e]{1,8192}$/;

/**
 * Checks everything about a signed IAM ChangePassword request that can be checked without the secret key and without
 * its body.
 *
 * Source: AWS IAM User Guide, "Create a signed AWS API request"; the IAM endpoints of the partitions.
 *
 * @param signed - the caller's headers
 * @param partitions - partitions that may be called
 * @param now - the time to judge `X-Amz-Date` by
 * @param form - the native request, when the caller's own client made it
 * @param variant - which host counts as signed where nothing names one
 * @throws PasswordChangeError `credential_missing`, `credential_malformed`, `credential_expired` or `pool_not_allowed`, each
 * with its own detail; `request_malformed` for a form whose headers cannot be sent
 */
export function checkSignedIamRequest(
  signed: SignedIamRequest,
  partitions: readonly IamPartitionName[],
  now: Date,
  form?: SignedIamForm,
  variant: IamEndpointVariant = {},
): CheckedIamRequest {
  checkStrings(signed);
  const authorization = parseSigV4Authorization(signed.Authorization);
  if (typeof authorization === 'string') throw refused('credential_malformed', authorization);
  checkScope(authorization, signed['X-Amz-Date']);
  const partition = partitionOf(authorization.region, partitions);
  const host = signedHost(form ? form.host : signed['X-Signed-Host'], partition, form === undefined);
  checkSignedHeaders(authorization.signedHeaders, signed, form);
  if (form) checkFormHeaders(form);
  const signedAt = checkDate(signed['X-Amz-Date'], now);
  const { accessKeyId, date, region, service, terminator, signedHeaders, signature } = authorization;
  const scope = [accessKeyId, date, region, service, terminator].join('/');
  return {
    partition,
    accessKeyId,
    authorization: `${SIGV4_ALGORITHM} Credential=${scope}, SignedHeaders=${signedHeaders.join(';')}, Signature=${signature}`,
    signedHeaders,
    signedAt,
    host: host ?? iamHost(partition, variant),
    contentType: signedContentType(signed['X-Signed-Content-Type']),
  };
}

/**
 * The body that was signed, as far as `X-Amz-Content-Sha256` tells: without it the first one.
 *
 * @param bodies - spellings of the same passwords, the usual one first
 * @throws PasswordChangeError `signature_mismatch`: other passwords were signed than were sent
 */
export async function signedBody(signed: SignedIamRequest, bodies: Iterable<string>): Promise<string> {
  const sent = signed['X-Amz-Content-Sha256'];
  for (const body of bodies) if (sent === undefined || sent === (await sha256(body))) return body;
  throw refused(
    'signature_mismatch',
    'X-Amz-Content-Sha256 is not the hash of a body that the passwords sent here make: other passwords were signed, or their encoding, the order of the parameters or another parameter differs.',
  );
}

async function sha256(text: string): Promise<string> {
  const hash = new Sha256();
  hash.update(new TextEncoder().encode(text));
  return hex(await hash.digest());
}

const HEADERS = [
  'Authorization',
  'X-Amz-Date',
  'X-Amz-Security-Token',
  'X-Amz-Content-Sha256',
  'X-Signed-Host',
  'X-Signed-Content-Type',
] as const;

/** What the types forbid, parsed JSON can hold. */
function checkStrings(signed: Readonly<Partial<Record<keyof SignedIamRequest, unknown>>>): void {
  if (signed.Authorization === undefined) {
    throw refused('credential_missing', 'The signed request holds no Authorization.');
  }
  const wrong = HEADERS.find((name) => signed[name] !== undefined && typeof signed[name] !== 'string');
  if (wrong !== undefined) throw refused('credential_malformed', `${wrong} must be a string.`);
}

const HEADER_VALUE = /^[\t\x20-\x7e]*$/;

/** What of a form's headers may be relayed must be what a client can have sent with this body. */
function checkFormHeaders({ headers, body }: SignedIamForm): void {
  for (const [name, value] of Object.entries(headers)) {
    if (!(typeof value === 'string' && HEADER_VALUE.test(value))) {
      throw refused('request_malformed', `The header ${name} must be printable ASCII.`);
    }
  }
  const length = headers['content-length'];
  if (length !== undefined && length !== String(body.length)) {
    throw refused('credential_malformed', 'The content-length is not the length of the body.');
  }
}

function checkScope({ date, service, terminator }: SigV4Authorization, amzDate: string): void {
  if (!AMZ_DATE.test(amzDate)) {
    throw refused('credential_malformed', 'X-Amz-Date must be sent, in the form YYYYMMDDTHHMMSSZ.');
  }
  if (service !== 'iam')
    throw refused('credential_malformed', 'The credential scope must name the service iam.');
  if (terminator !== 'aws4_request') {
    throw refused('credential_malformed', 'The credential scope must end in aws4_request.');
  }
  if (date !== amzDate.slice(0, 8)) {
    throw refused('credential_malformed', 'The credential scope must name the day of X-Amz-Date.');
  }
}

function partitionOf(region: string, partitions: readonly IamPartitionName[]): IamPartitionName {
  if (partitions.length === 0) throw refused('pool_not_allowed', 'AWS IAM is not served here.');
  const partition = IAM_PARTITION_NAMES.find((name) => IAM_PARTITIONS[name].signingRegion === region);
  if (partition === undefined) {
    const regions = partitions.map((name) => IAM_PARTITIONS[name].signingRegion).join(' or ');
    throw refused(
      'credential_malformed',
      `IAM requests are signed for the region ${regions}, not for this one.`,
    );
  }
  if (!partitions.includes(partition)) {
    throw refused(
      'pool_not_allowed',
      'The partition of the credential scope is not one that is served here.',
    );
  }
  return partition;
}

/** A host of AWS IAM is the host that was signed; it must be one of the partition whose region was signed. */
function signedHost(
  host: string | undefined,
  partition: IamPartitionName,
  isNamed: boolean,
): string | undefined {
  if (host === undefined) return undefined;
  if (iamHosts(partition).has(host)) return host;
  if (IAM_PARTITION_NAMES.some((name) => iamHosts(name).has(host))) {
    throw refused('credential_malformed', 'The credential scope must name the signing region of the Host.');
  }
  if (!isNamed) return undefined;
  const hosts = [...iamHosts(partition)].join(', ');
  throw refused('credential_malformed', `X-Signed-Host must be a host of AWS IAM: ${hosts}.`);
}

/** Both spellings stand for the same bytes. */
function signedContentType(named: string | undefined): string {
  if (named === undefined) return FORM_CONTENT_TYPE;
  const type = named.toLowerCase().replace(/\s/g, '');
  if (type === FORM_TYPE || type === `${FORM_TYPE};charset=utf-8`) return named;
  throw refused(
    'credential_malformed',
    `X-Signed-Content-Type must be ${FORM_TYPE}, or the same with charset=utf-8.`,
  );
}

function checkSignedHeaders(
  names: readonly string[],
  signed: SignedIamRequest,
  form: SignedIamForm | undefined,
): void {
  if (names.some((name) => name !== name.toLowerCase())) {
    throw refused('credential_malformed', 'SignedHeaders must be in lower case.');
  }
  if (names.some((name, index) => name <= (names[index - 1] ?? ''))) {
    throw refused('credential_malformed', 'SignedHeaders must be sorted and each name may stand once.');
  }
  for (const name of ['host', 'x-amz-date']) {
    if (!names.includes(name)) throw refused('credential_malformed', `SignedHeaders must hold ${name}.`);
  }
  const wrong = names.find((name) => !(SIGNABLE.has(name) || (form && isRelayable(name))));
  if (wrong !== undefined) {
    const list = [...SIGNABLE].sort().join(', ');
    throw refused(
      'credential_malformed',
      form
        ? `SignedHeaders may not hold ${wrong}: it does not go to AWS.`
        : `SignedHeaders may hold only ${list}.`,
    );
  }
  const mustBeSent = (name: string): boolean => RELAYED_HEADERS.has(name) || !SIGNABLE.has(name);
  const unsent = names.find((name) => form && mustBeSent(name) && !Object.hasOwn(form.headers, name));
  if (unsent !== undefined) throw refused('credential_malformed', `${unsent} is signed but was not sent.`);
  const token = signed['X-Amz-Security-Token'];
  if (names.includes('x-amz-security-token') !== (token !== undefined)) {
    throw refused(
      'credential_malformed',
      'X-Amz-Security-Token must be sent and signed with temporary credentials, and neither without them.',
    );
  }
  if (token !== undefined && !SESSION_TOKEN.test(token)) {
    throw refused('credential_malformed', 'X-Amz-Security-Token is not a session token.');
  }
  if (names.includes('x-amz-content-sha256') && signed['X-Amz-Content-Sha256'] === undefined) {
    throw refused('credential_malformed', 'X-Amz-Content-Sha256 is signed but was not sent.');
  }
}

function checkDate(amzDate: string, now: Date): number {
  // Its digits were checked with the scope: 20261121T101112Z, as Date writes it.
  const part = (from: number, to: number): string => amzDate.slice(from, to);
  const iso = `${part(0, 4)}-${part(4, 6)}-${part(6, 11)}:${part(11, 13)}:${part(13, 15)}.000Z`;
  const time = Date.parse(iso);
  // Date takes February 31 for March 3, and hour 24 for the next midnight.
  if (Number.isNaN(time) || new Date(time).toISOString() !== iso) {
    throw refused('credential_malformed', 'X-Amz-Date is not a date.');
  }
  if (Math.abs(now.getTime() - time) > MAX_SKEW_MS) {
    throw refused(
      'credential_expired',
      `X-Amz-Date is ${amzDate}, and here it is ${amzDateOf(now)}: that is more than 15 minutes apart. Sign again, or set the clock.`,
      {
        next: 'sign_the_same_body',
      },
    );
  }
  return time;
}

/** A time as `X-Amz-Date` writes it. */
function amzDateOf(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d{3}/g, '');
}

function refused(
  code: ProblemCode,
  detail: string,
  options?: PasswordChangeErrorOptions,
): PasswordChangeError {
  return new PasswordChangeError(code, { provider: 'iam', detail, ...options });
}

function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
