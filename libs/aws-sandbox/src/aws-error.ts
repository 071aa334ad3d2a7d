/** What AWS says by default for one of its error names: the HTTP status and the message text. */
export interface KnownError {
  /** HTTP status. */
  readonly status: number;
  /** Message text. */
  readonly message: string;
}

/** Error names of a service, each with the status and the text that AWS sends with it. */
export type ErrorTable = Readonly<Record<string, KnownError>>;

/** A refusal as AWS words it. The protocol of the service (JSON or Query) decides how it looks on the wire. */
export class AwsError extends Error {
  /** Always `AwsError`. */
  override readonly name = 'AwsError';

  /**
   * @param code - AWS's error name, such as `NotAuthorizedException`
   * @param status - HTTP status
   * @param message - the text for the caller
   */
  constructor(
    /** AWS's error name. */
    readonly code: string,
    /** HTTP status. */
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/**
 * Makes the error of that name; a name that the table lacks gets status 400 and its own name as text, so that a
 * test can provoke errors that nobody knows yet.
 */
export function errorFrom(table: ErrorTable, code: string, message?: string, status?: number): AwsError {
  const known = Object.hasOwn(table, code) ? table[code] : undefined;
  return new AwsError(code, status ?? known?.status ?? 400, message ?? known?.message ?? code);
}
