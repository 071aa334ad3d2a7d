/**
 * A request as it stood on the wire. Strings hold one byte per character (latin1), as `node:http` delivers
 * `rawHeaders` and `url`: a UTF-8 `ü` in a header is two characters here.
 */
export interface SigV4Request {
  readonly method: string;
  /** Raw request target, path and query, in origin form. */
  readonly target: string;
  /** Raw header list, in order, in wire case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Uint8Array;
}

/** What the sandbox knows about one access key. */
export interface SigV4Key {
  readonly secretAccessKey: string;
  /** Set for temporary credentials: the token that must come with every request. */
  readonly sessionToken?: string;
  /** End of the temporary credentials, in milliseconds since the epoch. */
  readonly expiresAt?: number;
}

/** The service that checks: its name and region as they stand in a credential scope, its clock and its keys. */
export interface SigV4Options {
  readonly service: string;
  readonly region: string;
  readonly now: Date;
  readonly lookup: (accessKeyId: string) => SigV4Key | undefined;
}

/** A refusal with the HTTP status, error code and text that an AWS Query service answers. */
export interface SigV4Refusal {
  readonly ok: false;
  readonly status: number;
  readonly code: string;
  readonly message: string;
}

/** Whose signature it is, or why it is refused. */
export type SigV4Result = { readonly ok: true; readonly accessKeyId: string } | SigV4Refusal;
