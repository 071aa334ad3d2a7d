/** Keys of an IAM user. */
export interface AwsCredentials {
  /** Such as `AKIA…`, or `ASIA…` for temporary credentials. */
  readonly accessKeyId: string;
  /** Never leaves the signer. */
  readonly secretAccessKey: string;
  /** With temporary credentials only; never empty. */
  readonly sessionToken?: string | undefined;
}

/** What makes credentials unfit to sign with, in words; the types alone do not keep an empty variable out. */
export function credentialsFault(credentials: AwsCredentials): string | undefined {
  const keys: Readonly<Partial<Record<keyof AwsCredentials, unknown>>> = { ...credentials };
  for (const name of ['accessKeyId', 'secretAccessKey'] as const) {
    if (!isFilled(keys[name])) return `credentials must hold the ${name}.`;
  }
  if (keys.sessionToken === undefined || isFilled(keys.sessionToken)) return undefined;
  return 'The sessionToken is empty, or no string: leave it out, unless the credentials are temporary.';
}

function isFilled(value: unknown): boolean {
  return typeof value === 'string' && value !== '';
}
