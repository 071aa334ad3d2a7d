import { IAMClient } from '@aws-sdk/client-iam';
import { describe, expect, it } from '@jest/globals';

import {
  IAM_PARTITION_NAMES,
  IAM_PARTITIONS,
  iamHost,
  iamHosts,
  type IamPartitionName,
} from './partitions.js';

/** Regions of each partition, beside the one that is signed for. */
const REGIONS: Readonly<Record<IamPartitionName, readonly string[]>> = {
  aws: ['us-east-1', 'eu-central-1', 'aws-global'],
  'aws-cn': ['cn-north-1', 'cn-northwest-1', 'aws-cn-global'],
  'aws-us-gov': ['us-gov-west-1', 'us-gov-east-1', 'aws-us-gov-global'],
  'aws-iso': ['us-iso-east-1', 'us-iso-west-1', 'aws-iso-global'],
  'aws-iso-b': ['us-isob-east-1', 'aws-iso-b-global'],
  'aws-iso-e': ['eu-isoe-west-1'],
  'aws-iso-f': ['us-isof-south-1', 'us-isof-east-1'],
  'aws-eusc': ['eusc-de-east-1'],
};

const cases = IAM_PARTITION_NAMES.flatMap((name) => REGIONS[name].map((region) => [name, region] as const));

describe('IAM_PARTITIONS', () => {
  it.each(cases)('has for %s what the endpoint rules of the SDK say of %s', (name, region) => {
    const { endpointProvider } = new IAMClient({ region }).config;
    const { url, properties } = endpointProvider({ Region: region, UseFIPS: false, UseDualStack: false });
    const { host, signingRegion } = IAM_PARTITIONS[name];
    expect(url.href).toBe(`https://${host}/`);
    expect(properties).toMatchObject({ authSchemes: [{ signingRegion }] });
  });

  describe.each([
    [false, false],
    [true, false],
    [false, true],
    [true, true],
  ])('with FIPS %j and dual stack %j', (useFipsEndpoint, useDualstackEndpoint) => {
    it.each(IAM_PARTITION_NAMES)('has for %s what the endpoint rules of the SDK say', (name) => {
      const [region = ''] = REGIONS[name];
      const { endpointProvider } = new IAMClient({ region }).config;
      const rules = { Region: region, UseFIPS: useFipsEndpoint, UseDualStack: useDualstackEndpoint };
      const { hostname } = endpointProvider(rules).url;
      expect(iamHost(name, { useFipsEndpoint, useDualstackEndpoint })).toBe(hostname);
      expect(iamHosts(name)).toContain(hostname);
    });
  });

  it('gives no host to two partitions', () => {
    const hosts = IAM_PARTITION_NAMES.flatMap((name) => [...iamHosts(name)]);
    expect(new Set(hosts).size).toBe(hosts.length);
  });

  it('gives every partition a signing region of its own', () => {
    const regions = IAM_PARTITION_NAMES.map((name) => IAM_PARTITIONS[name].signingRegion);
    expect(new Set(regions).size).toBe(regions.length);
  });
});
