import type { IamPartitionName } from '@password-gateway/provider-iam/signer';

/** What the gateway tells its page, at `docs/settings.json`. */
export interface PageSettings {
  /** Whether access tokens of Amazon Cognito are taken. */
  readonly cognito: boolean;
  /** AWS partitions whose IAM may be called; none turns IAM off. */
  readonly iamPartitions: readonly IamPartitionName[];
  /** Whether the gateway offers the demonstration users of a local AWS. */
  readonly sandbox: boolean;
}
