/** Where a request was addressed to, by its `Host` header. */
export interface QueryEndpoint {
  /** First part of ARNs after `arn:`. */
  readonly partition: string;
  /** The region that the credential scope must name. */
  readonly region: string;
}

const DEFAULT_ENDPOINT: QueryEndpoint = { partition: 'aws', region: 'us-east-1' };

// Hosts and signing regions of the partitions, as the endpoint rules of the AWS SDKs resolve them.
const IAM_ENDPOINTS: ReadonlyMap<string, QueryEndpoint> = new Map([
  ['iam.amazonaws.com', DEFAULT_ENDPOINT],
  ['iam.cn-north-1.amazonaws.com.cn', { partition: 'aws-cn', region: 'cn-north-1' }],
  ['iam.us-gov.amazonaws.com', { partition: 'aws-us-gov', region: 'us-gov-west-1' }],
  ['iam.us-iso-east-1.c2s.ic.gov', { partition: 'aws-iso', region: 'us-iso-east-1' }],
  ['iam.us-isob-east-1.sc2s.sgov.gov', { partition: 'aws-iso-b', region: 'us-isob-east-1' }],
  ['iam.eu-isoe-west-1.cloud.adc-e.uk', { partition: 'aws-iso-e', region: 'eu-isoe-west-1' }],
  ['iam.us-isof-south-1.csp.hci.ic.gov', { partition: 'aws-iso-f', region: 'us-isof-south-1' }],
  ['iam.eusc-de-east-1.amazonaws.eu', { partition: 'aws-eusc', region: 'eusc-de-east-1' }],
]);

/** IAM's endpoint of that host; every other host, the sandbox's own among them, stands for `iam.amazonaws.com`. */
export function iamEndpoint(host: string): QueryEndpoint {
  return IAM_ENDPOINTS.get(nameOf(host)) ?? DEFAULT_ENDPOINT;
}

/** STS's endpoint of that host; a host that is not Amazon's stands for the region that the caller signed for. */
export function stsEndpoint(host: string, scopeRegion: string | undefined): QueryEndpoint {
  const region = /^sts\.([a-z0-9-]+)\.amazonaws\.com(?:\.cn)?$/u.exec(nameOf(host))?.[1];
  const effective = region ?? (nameOf(host) === 'sts.amazonaws.com' ? undefined : scopeRegion);
  if (effective === undefined) return DEFAULT_ENDPOINT;
  return { partition: partitionOf(effective), region: effective };
}

function partitionOf(region: string): string {
  if (region.startsWith('cn-')) return 'aws-cn';
  return region.startsWith('us-gov-') ? 'aws-us-gov' : 'aws';
}

function nameOf(host: string): string {
  return host.toLowerCase().replace(/:\d+$/u, '');
}
