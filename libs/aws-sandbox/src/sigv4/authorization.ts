import { createHash } from 'node:crypto';
import { incompleteSignature, missingAuthenticationToken } from './refusals.js';
import type { SigV4Refusal } from './types.js';

/** The one algorithm of SigV4 with a shared secret. */
export const ALGORITHM = 'AWS4-HMAC-SHA256';

/** The parts of a SigV4 `Authorization` header. */
export interface Authorization {
  readonly accessKeyId: string;
  readonly scope: CredentialScope;
  readonly signedHeaders: readonly string[];
  readonly signature: string;
}

/** Where a signature is valid: `date/region/service/terminator`. */
export interface CredentialScope {
  readonly date: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
}

const PARAMETERS = ['Credential', 'Signature', 'SignedHeaders'] as const;

/**
 * Reads `AWS4-HMAC-SHA256 Credential=…, SignedHeaders=…, Signature=…`. Parameters may come in any order, spaces after
 * the commas are optional. Source: "Create a signed AWS API request", step "Add the signature to the request",
 * IAM User Guide.
 *
 * @param values - every `Authorization` header of the request
 */
export function parseAuthorization(values: readonly string[]): Authorization | SigV4Refusal {
  const [value, ...more] = values;
  if (!value?.startsWith('AWS4-')) return missingAuthenticationToken();
  if (more.length > 0) return incompleteSignature('Authorization header must occur once.');

  const [algorithm = '', ...rest] = value.split(' ');
  if (algorithm !== ALGORITHM) {
    return incompleteSignature(`Unsupported AWS 'algorithm': '${algorithm}' (only ${ALGORITHM} for now). `);
  }
  const parameters = new Map<string, string>();
  for (const part of rest.join(' ').split(',')) {
    const [, key = '', content = ''] = /^ *([A-Za-z]+)=([^ =]*) *$/.exec(part) ?? [];
    if (key === '' || parameters.has(key)) {
      return incompleteSignature(
        `Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with ` +
          `Base64): '${hashed(value)}'.`,
      );
    }
    parameters.set(key, content);
  }
  const missing = PARAMETERS.filter((name) => (parameters.get(name) ?? '') === '');
  if (missing.length > 0) {
    return incompleteSignature(
      missing.map((name) => `Authorization header requires '${name}' parameter. `).join('') +
        `(Hashed with SHA-256 and encoded with Base64) Authorization=${hashed(value)}`,
    );
  }
  return readParameters(parameters);
}

function readParameters(parameters: ReadonlyMap<string, string>): Authorization | SigV4Refusal {
  const credential = parameters.get('Credential') ?? '';
  const [accessKeyId = '', date = '', region = '', service = '', terminator = '', ...more] =
    credential.split('/');
  if (accessKeyId === '' || terminator === '' || more.length > 0) {
    return incompleteSignature(
      'Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term, ' +
        `got '${credential}'`,
    );
  }
  return {
    accessKeyId,
    scope: { date, region, service, terminator },
    signedHeaders: (parameters.get('SignedHeaders') ?? '').split(';'),
    signature: parameters.get('Signature') ?? '',
  };
}

/** AWS does not repeat a credential that it cannot read; it answers with its hash. */
function hashed(value: string): string {
  return createHash('sha256').update(value, 'latin1').digest('base64');
}
