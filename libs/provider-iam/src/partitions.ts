/** Where the IAM of one AWS partition is, and what region a signature for it names. */
export interface IamPartition {
  /** Host name: what is signed and sent as `Host`, whatever address the bytes go to. */
  readonly host: string;
  /** Region of the credential scope. */
  readonly signingRegion: string;
  /** Host whose TLS uses modules that FIPS 140 has validated. */
  readonly fipsHost: string;
  /** Host that IPv6 reaches, too. */
  readonly dualstackHost: string;
  /** Host that is both. */
  readonly fipsDualstackHost: string;
}

/** Which of a partition's endpoints; the names are those of the AWS SDKs. */
export interface IamEndpointVariant {
  /** Default: `false`. */
  readonly useFipsEndpoint?: boolean | undefined;
  /** Default: `false`. */
  readonly useDualstackEndpoint?: boolean | undefined;
}

/**
 * The AWS partitions and their IAM endpoints. A static table, so that the signer needs no SDK in a browser; a test
 * compares it with the endpoint rules of `@aws-sdk/client-iam`, from which it was made.
 */
export const IAM_PARTITIONS = {
  aws: {
    host: 'iam.amazonaws.com',
    signingRegion: 'us-east-1',
    fipsHost: 'iam-fips.amazonaws.com',
    dualstackHost: 'iam.global.api.aws',
    fipsDualstackHost: 'iam-fips.global.api.aws',
  },
  'aws-cn': {
    host: 'iam.cn-north-1.amazonaws.com.cn',
    signingRegion: 'cn-north-1',
    fipsHost: 'iam-fips.amazonaws.com.cn',
    dualstackHost: 'iam.global.api.amazonwebservices.com.cn',
    fipsDualstackHost: 'iam-fips.api.amazonwebservices.com.cn',
  },
  'aws-us-gov': {
    host: 'iam.us-gov.amazonaws.com',
    signingRegion: 'us-gov-west-1',
    fipsHost: 'iam.us-gov.amazonaws.com',
    dualstackHost: 'iam.us-gov.api.aws',
    fipsDualstackHost: 'iam.us-gov.api.aws',
  },
  'aws-iso': {
    host: 'iam.us-iso-east-1.c2s.ic.gov',
    signingRegion: 'us-iso-east-1',
    fipsHost: 'iam-fips.us-iso-east-1.c2s.ic.gov',
    dualstackHost: 'iam.api.aws.ic.gov',
    fipsDualstackHost: 'iam-fips.api.aws.ic.gov',
  },
  'aws-iso-b': {
    host: 'iam.us-isob-east-1.sc2s.sgov.gov',
    signingRegion: 'us-isob-east-1',
    fipsHost: 'iam-fips.us-isob-east-1.sc2s.sgov.gov',
    dualstackHost: 'iam.api.aws.scloud',
    fipsDualstackHost: 'iam-fips.api.aws.scloud',
  },
  'aws-iso-e': {
    host: 'iam.eu-isoe-west-1.cloud.adc-e.uk',
    signingRegion: 'eu-isoe-west-1',
    fipsHost: 'iam-fips.cloud.adc-e.uk',
    dualstackHost: 'iam.api.cloud-aws.adc-e.uk',
    fipsDualstackHost: 'iam-fips.api.cloud-aws.adc-e.uk',
  },
  'aws-iso-f': {
    host: 'iam.us-isof-south-1.csp.hci.ic.gov',
    signingRegion: 'us-isof-south-1',
    fipsHost: 'iam-fips.csp.hci.ic.gov',
    dualstackHost: 'iam.api.aws.hci.ic.gov',
    fipsDualstackHost: 'iam-fips.api.aws.hci.ic.gov',
  },
  'aws-eusc': {
    host: 'iam.eusc-de-east-1.amazonaws.eu',
    signingRegion: 'eusc-de-east-1',
    fipsHost: 'iam-fips.amazonaws.eu',
    dualstackHost: 'iam.global.api.amazonwebservices.eu',
    fipsDualstackHost: 'iam-fips.api.amazonwebservices.eu',
  },
} as const satisfies Record<string, IamPartition>;

/** Name of an AWS partition; the keys of {@link IAM_PARTITIONS}. */
export type IamPartitionName = keyof typeof IAM_PARTITIONS;

/** All partition names, in the order of the table. */
export const IAM_PARTITION_NAMES = Object.keys(IAM_PARTITIONS) as readonly IamPartitionName[];

/**
 * The host of a partition's IAM.
 *
 * @param partition - the partition
 * @param variant - which of its endpoints
 */
export function iamHost(
  partition: IamPartitionName,
  { useFipsEndpoint = false, useDualstackEndpoint = false }: IamEndpointVariant = {},
): string {
  const { host, fipsHost, dualstackHost, fipsDualstackHost } = IAM_PARTITIONS[partition];
  if (useFipsEndpoint) return useDualstackEndpoint ? fipsDualstackHost : fipsHost;
  return useDualstackEndpoint ? dualstackHost : host;
}

/** All hosts of a partition's IAM. */
export function iamHosts(partition: IamPartitionName): ReadonlySet<string> {
  return HOSTS[partition];
}

const HOSTS = Object.fromEntries(
  IAM_PARTITION_NAMES.map((name) => {
    const { host, fipsHost, dualstackHost, fipsDualstackHost } = IAM_PARTITIONS[name];
    return [name, new Set([host, fipsHost, dualstackHost, fipsDualstackHost])];
  }),
) as unknown as Readonly<Record<IamPartitionName, ReadonlySet<string>>>;
