import type { AwsCredentials, IamPartitionName } from '@password-gateway/provider-iam/signer';

/** Whose password the page changes. */
export type Identity =
  | { readonly provider: 'cognito'; readonly accessToken: string }
  | { readonly provider: 'iam'; readonly credentials: AwsCredentials; readonly partition: IamPartitionName };

/**
 * The one identity that the page acts for. It lives in this object alone: not in Swagger UI's state, not in the
 * document, not in any storage. A new one replaces the old one, because the route refuses two credentials.
 */
export class CurrentIdentity {
  #identity: Identity | undefined;
  readonly #listeners: ((identity: Identity | undefined) => void)[] = [];

  /** The identity, if there is one. */
  get(): Identity | undefined {
    return this.#identity;
  }

  /** Replaces the identity; `undefined` forgets it. */
  set(identity: Identity | undefined): void {
    this.#identity = identity;
    for (const listener of this.#listeners) listener(identity);
  }

  /** Calls the listener on every change. */
  onChange(listener: (identity: Identity | undefined) => void): void {
    this.#listeners.push(listener);
  }
}
