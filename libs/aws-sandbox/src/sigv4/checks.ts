import type { CredentialScope } from './authorization.js';
import { formatBasicDate, parseBasicDate } from './date.js';
import { headerValues } from './headers.js';
import {
  expiredToken,
  incompleteSignature,
  invalidClientTokenId,
  signatureDoesNotMatch,
} from './refusals.js';
import { equalInConstantTime } from './signature.js';
import type { SigV4Key, SigV4Options, SigV4Refusal, SigV4Request } from './types.js';

const ALLOWED_SKEW_MS = 15 * 60 * 1000;
const TERMINATOR = 'aws4_request';
const SINGLE_HEADERS = ['Host', 'X-Amz-Date', 'X-Amz-Security-Token', 'X-Amz-Content-Sha256'];

/** When the request says it was signed: `X-Amz-Date`, or `Date` where that is ISO 8601 basic too. */
export function readSigningDate({ headers }: SigV4Request): Date | SigV4Refusal {
  const [text] = [...headerValues(headers, 'x-amz-date'), ...headerValues(headers, 'date')];
  if (text === undefined) {
    return incompleteSignature(
      "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. ",
    );
  }
  return (
    parseBasicDate(text) ??
    incompleteSignature(
      `Date must be in ISO-8601 'basic format'. Got '${text}'. See http://en.wikipedia.org/wiki/ISO_8601`,
    )
  );
}

/** Headers whose second value could be read by one party and signed by another. */
export function checkSingleHeaders({ headers }: SigV4Request): SigV4Refusal | undefined {
  const repeated = SINGLE_HEADERS.find((name) => headerValues(headers, name.toLowerCase()).length > 1);
  return repeated === undefined ? undefined : incompleteSignature(`'${repeated}' header must occur once.`);
}

/** At most 15 minutes either way. */
export function checkClock(signedAt: Date, now: Date): SigV4Refusal | undefined {
  const skew = signedAt.getTime() - now.getTime();
  const [signed, clock] = [formatBasicDate(signedAt), formatBasicDate(now)];
  if (skew < -ALLOWED_SKEW_MS) {
    const earliest = formatBasicDate(new Date(now.getTime() - ALLOWED_SKEW_MS));
    return signatureDoesNotMatch(
      `Signature expired: ${signed} is now earlier than ${earliest} (${clock} - 15 min.)`,
    );
  }
  if (skew > ALLOWED_SKEW_MS) {
    const latest = formatBasicDate(new Date(now.getTime() + ALLOWED_SKEW_MS));
    return signatureDoesNotMatch(
      `Signature not yet current: ${signed} is still later than ${latest} (${clock} + 15 min.)`,
    );
  }
  return undefined;
}

/** What a signature must cover at least. */
export function checkCoverage(
  { headers }: SigV4Request,
  signedHeaders: readonly string[],
): SigV4Refusal | undefined {
  if (!signedHeaders.includes('host')) {
    return signatureDoesNotMatch("'Host' or ':authority' must be a 'SignedHeader' in the AWS Authorization.");
  }
  const token = 'x-amz-security-token';
  if (headerValues(headers, token).length > 0 && !signedHeaders.includes(token)) {
    return signatureDoesNotMatch("'X-Amz-Security-Token' must be a 'SignedHeader' in the AWS Authorization.");
  }
  return undefined;
}

/** The credential scope names this service, this region and the day of the signature; all faults in one text, as AWS does. */
export function checkScope(
  scope: CredentialScope,
  signedAt: Date,
  { region, service }: SigV4Options,
): SigV4Refusal | undefined {
  const timestamp = formatBasicDate(signedAt);
  const day = timestamp.slice(0, 8);
  const faults: string[] = [];
  if (scope.region !== region) {
    faults.push(`Credential should be scoped to a valid Region, not '${scope.region}'. `);
  }
  if (scope.service !== service) {
    faults.push(`Credential should be scoped to correct service: '${service}'. `);
  }
  if (scope.terminator !== TERMINATOR) {
    faults.push(
      `Credential should be scoped with a valid terminator: '${TERMINATOR}', not '${scope.terminator}'. `,
    );
  }
  if (scope.date !== day) {
    faults.push(
      'Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: ' +
        `'${scope.date}' != '${day}', from '${timestamp}'.`,
    );
  }
  return faults.length > 0 ? signatureDoesNotMatch(faults.join('')) : undefined;
}

/** Temporary credentials come with their own token and within their time; long-term ones with none. */
export function checkSessionToken(
  { headers }: SigV4Request,
  key: SigV4Key,
  now: Date,
): SigV4Refusal | undefined {
  const [sent] = headerValues(headers, 'x-amz-security-token');
  if (key.sessionToken === undefined) return sent === undefined ? undefined : invalidClientTokenId();
  if (sent === undefined || !equalInConstantTime(sent, key.sessionToken)) return invalidClientTokenId();
  return key.expiresAt !== undefined && key.expiresAt <= now.getTime() ? expiredToken() : undefined;
}
