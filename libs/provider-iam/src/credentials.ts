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
  const { accessKeyId, secretAccessKey, sessionToken }: Readonly<Record<keyof AwsCredentials, unknown>> = {
    sessionToken: undefined,
    ...credentials,
  };
  for (const [name, value] of Object.entries({ accessKeyId, secretAccessKey })) {
    if (typeof value !== 'string' || value === '') return `credentials must hold the ${name}.`;
  }
  if (sessionToken === undefined || (typeof sessionToken === 'string' && sessionToken !== ''))
    return undefined;
  return 'The sessionToken is empty, or no string: leave it out, unless the credentials are temporary.';
}
