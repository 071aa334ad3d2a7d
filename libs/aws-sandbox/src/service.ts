import type { OpenCallRecord } from './calls.js';

/** A request whose body was read. */
export interface SandboxRequest {
  readonly method: string;
  /** Request target in origin form: path and query as on the wire. */
  readonly target: string;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer;
}

/** A complete answer. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** One AWS call under way, as an operation sees it. */
export interface Call {
  readonly record: OpenCallRecord;
  readonly now: Date;
  /**
   * Operations call it once the request is parsed and its sender authenticated.
   *
   * @throws AwsError the scripted one, if there is any
   */
  readonly checkpoint: () => void;
}

/** One AWS service: how its requests name their operation, and how it answers them. */
export interface AwsService {
  readonly run: (call: Call, request: SandboxRequest) => Answer;
}

/** The value of a header; undefined when it is missing, the values joined when it is repeated, as in HTTP. */
export function headerOf(headers: SandboxRequest['headers'], name: string): string | undefined {
  const values = headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
  return values.length === 0 ? undefined : values.join(', ');
}
