/** The AWS services that the sandbox plays. */
export type ServiceName = 'cognito-idp' | 'iam' | 'sts';

/** One AWS request that reached the sandbox. Never holds a password, a token, a signature or a header value. */
export interface CallRecord {
  /** Who was called. */
  readonly service: ServiceName;
  /** Operation name; `Unknown` until the body of a Query request was read, and where it names none. */
  readonly action: string;
  /** The request id of the answer (`x-amzn-RequestId`). */
  readonly requestId: string;
  /** When the headers arrived, in ms since the epoch by the sandbox's clock. */
  readonly at: number;
  /** Header names as sent, in order. */
  readonly headers: readonly string[];
  /** Value of the `Host` header, as sent. */
  readonly host: string | undefined;
  /** Bytes of body that were read. */
  readonly bodyBytes: number;
  /** HTTP status of the answer; absent until there is one, and for good after a reset or a hang. */
  readonly status?: number;
  /** AWS error name that the call ended with, even where a fault kept it from the caller. */
  readonly error?: string;
  /** Kind of the scripted fault that shaped the answer. */
  readonly fault?: string;
  /** Whether the call changed something: a password set, tokens issued or revoked. */
  readonly committed: boolean;
}

/** A record while its call is under way. */
export type OpenCallRecord = { -readonly [K in keyof CallRecord]: CallRecord[K] };

/** The list of calls; keeps at least the newest `limit` of them, so that a bench does not fill the memory. */
export class CallLog {
  #records: OpenCallRecord[] = [];
  #count = 0;

  constructor(private readonly limit = 10_000) {}

  /** The calls, oldest first. */
  get records(): readonly CallRecord[] {
    return this.#records;
  }

  /** How many calls came since the last `clear`, also those that are no longer kept. */
  get count(): number {
    return this.#count;
  }

  add(record: OpenCallRecord): OpenCallRecord {
    this.#count += 1;
    // Trimmed by halves: removing the first element on every call would cost the whole list each time.
    if (this.#records.length >= 2 * this.limit) this.#records = this.#records.slice(-this.limit);
    this.#records.push(record);
    return record;
  }

  clear(): void {
    this.#records = [];
    this.#count = 0;
  }
}
