import type { IamPasswordChanged } from './iam-password-provider.js';

/** A change about which everything was checked that can be checked without AWS: only a provider's `prepare` makes one. */
export class PreparedIamPasswordChange {
  // Private to the engine, so that nobody prints the passwords that it holds.
  readonly #body: string;
  readonly #call: (signal: AbortSignal | undefined) => Promise<IamPasswordChanged>;
  #answer: Promise<IamPasswordChanged> | undefined;

  /**
   * @param body - what is sent
   * @param call - sends it
   */
  constructor(body: string, call: (signal: AbortSignal | undefined) => Promise<IamPasswordChanged>) {
    this.#body = body;
    this.#call = call;
  }

  /** What is sent, byte for byte; it holds both passwords. */
  get body(): string {
    return this.#body;
  }

  /**
   * Sends the change, with one call to AWS and no retry. Asked again, it sends nothing and gives the first answer: the same
   * change, sent twice, would say that the password is incorrect when the first one had replaced it.
   *
   * @param signal - gives up. A request that was on its way ends as `upstream_timeout`, outcome unknown; before that, and
   * when the signal was aborted from the start, it is `upstream_unreachable`, outcome unchanged
   * @throws PasswordChangeError with the code, and with `outcome`: whether the password is unchanged or unknown
   */
  send(signal?: AbortSignal): Promise<IamPasswordChanged> {
    return (this.#answer ??= this.#call(signal));
  }
}
