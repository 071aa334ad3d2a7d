import type { UpstreamVerdict } from './upstream-mapping.js';

/** What is known of a call that was denied. */
export interface DeniedCall {
  /** The permission, for instance `iam:ChangePassword`. */
  readonly action: string;
  /** Whom it was denied to, in words. */
  readonly who: string;
  /** Whether a session with MFA may lift a deny: the policy that forces MFA denies long-term keys explicitly. */
  readonly mfaMayHelp: boolean;
}

/**
 * Kinds of policy, as AWS names them. The policies of an organisation come first: a text that names two of them means
 * "through" the second.
 *
 * Source: IAM User Guide, "Troubleshoot access denied error messages", which writes "sessions policy" too.
 */
const KINDS: readonly (readonly [text: RegExp, kind: string])[] = [
  [/resource control policy/i, 'resource control policy'],
  [/service control policy/i, 'service control policy'],
  [/sessions? policy/i, 'session policy'],
  [/permissions boundary/i, 'permissions boundary'],
  [/role trust policy/i, 'role trust policy'],
  [/resource-based policy/i, 'resource-based policy'],
  [/VPC endpoint policy/i, 'VPC endpoint policy'],
  [/identity-based policy/i, 'identity-based policy'],
];

const IDENTITY_BASED = 'identity-based policy';

/**
 * The policy that AWS attaches to a user whose key it has found in public. Names of users and roles hold no colon, so
 * none of them looks like this.
 *
 * Source: AWS managed policy reference, AWSCompromisedKeyQuarantine, V2 and V3.
 */
const QUARANTINE = /arn:aws[\w-]*:iam::aws:policy\/AWSCompromisedKeyQuarantine/i;

/**
 * The verdict for "… is not authorized to perform: …", in the words of the kind of policy that AWS names.
 *
 * @param message - AWS's message
 * @param call - what was denied
 */
export function accessDeniedVerdict(
  message: string,
  { action, who, mfaMayHelp }: DeniedCall,
): UpstreamVerdict {
  const denied = { code: 'permission_denied', confidence: 'inferred' } as const;
  if (QUARANTINE.test(message)) {
    return {
      ...denied,
      detail:
        'AWS has found an access key of this user leaked and put the user in quarantine; an administrator must replace the key and lift the quarantine.',
    };
  }
  const kind = KINDS.find(([text]) => text.test(message))?.[1];
  if (/explicit deny/i.test(message)) {
    const subject = kind === undefined ? 'A policy' : `${kind === IDENTITY_BASED ? 'An' : 'A'} ${kind}`;
    const explicit = `${subject} denies ${action} to ${who} explicitly`;
    return mfaMayHelp && (kind ?? IDENTITY_BASED) === IDENTITY_BASED
      ? {
          ...denied,
          next: 'get_mfa_session',
          detail: `${explicit}; most often it does so until the user signs in with MFA.`,
        }
      : { ...denied, detail: `${explicit}.` };
  }
  return kind === undefined ? denied : { ...denied, detail: `No ${kind} allows ${action} to ${who}.` };
}
