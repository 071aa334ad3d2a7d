import { Injectable } from '@nestjs/common';
import { PasswordChangeError } from '@password-gateway/errors';

/** Whose call it is. */
export interface CallOwner {
  /** Network that it comes from. */
  readonly network: string;
  /** Provider and caller. */
  readonly caller: string;
  /** Whether it is proven before AWS is asked, or comes from where AWS has proven the caller. */
  readonly trusted: boolean;
}

/** Calls in flight of one caller. */
const MOST_OF_CALLER = 64;
/** Of an endpoint's 2,500: what nobody has proven, from one network and in all, leaves room for what is proven. */
const MOST_UNPROVEN_OF_NETWORK = 250;
const MOST_UNPROVEN = 2_000;
const MOST_OF_NETWORK = 2_000;

const UNPROVEN = 'unproven';

/** Shares the calls in flight out, so that neither one address nor one user can take those of all others. */
@Injectable()
export class UpstreamShares {
  private readonly held = new Map<string, number>();

  /**
   * Takes a place for a call.
   *
   * @returns gives the place back
   * @throws PasswordChangeError `upstream_unavailable`: nothing was sent
   */
  enter({ network, caller, trusted }: CallOwner): () => void {
    const shares: [string, number][] = trusted
      ? [
          [`caller ${caller}`, MOST_OF_CALLER],
          [`network ${network}`, MOST_OF_NETWORK],
        ]
      : [
          [`network ${network} ${UNPROVEN}`, MOST_UNPROVEN_OF_NETWORK],
          [UNPROVEN, MOST_UNPROVEN],
        ];
    for (const [share, most] of shares) if ((this.held.get(share) ?? 0) >= most) throw takenUp();
    for (const [share] of shares) this.add(share, 1);
    return () => {
      for (const [share] of shares) this.add(share, -1);
    };
  }

  /** Shares of which something is held. */
  get size(): number {
    return this.held.size;
  }

  private add(share: string, by: 1 | -1): void {
    const count = (this.held.get(share) ?? 0) + by;
    if (count > 0) this.held.set(share, count);
    else this.held.delete(share);
  }
}

function takenUp(): PasswordChangeError {
  return new PasswordChangeError('upstream_unavailable', {
    detail: 'Too many calls of this caller, or from this address, are on their way to AWS; nothing was sent.',
    retryAfterSeconds: 1,
  });
}
