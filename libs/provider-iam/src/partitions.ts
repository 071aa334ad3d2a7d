/** Where the IAM of one AWS partition is, and what region a signature for it names. */
export interface IamPartition {
  /** Host name: what is signed and sent as `Host`, whatever address the bytes go to. */
  readonly host: string;
  /** Region of the credential scope. */
  readonly signingRegion: string;
}

/**
 * The AWS partitions and their IAM endpoints. A static table, so that the signer needs no SDK in a browser; a test
 * compares it with the endpoint rules of `@aws-sdk/client-iam`, from which it was made.
 */
export const IAM_PARTITIONS = {
  aws: { host: 'iam.amazonaws.com', signingRegion: 'us-east-1' },
  'aws-cn': { host: 'iam.cn-north-1.amazonaws.com.cn', signingRegion: 'cn-north-1' },
  'aws-us-gov': { host: 'iam.us-gov.amazonaws.com', signingRegion: 'us-gov-west-1' },
  'aws-iso': { host: 'iam.us-iso-east-1.c2s.ic.gov', signingRegion: 'us-iso-east-1' },
  'aws-iso-b': { host: 'iam.us-isob-east-1.sc2s.sgov.gov', signingRegion: 'us-isob-east-1' },
  'aws-iso-e': { host: 'iam.eu-isoe-west-1.cloud.adc-e.uk', signingRegion: 'eu-isoe-west-1' },
  'aws-iso-f': { host: 'iam.us-isof-south-1.csp.hci.ic.gov', signingRegion: 'us-isof-south-1' },
  'aws-eusc': { host: 'iam.eusc-de-east-1.amazonaws.eu', signingRegion: 'eusc-de-east-1' },
} as const satisfies Record<string, IamPartition>;

/** Name of an AWS partition; the keys of {@link IAM_PARTITIONS}. */
export type IamPartitionName = keyof typeof IAM_PARTITIONS;

/** All partition names, in the order of the table. */
export const IAM_PARTITION_NAMES = Object.keys(IAM_PARTITIONS) as readonly IamPartitionName[];
