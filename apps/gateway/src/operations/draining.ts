import { Injectable } from '@nestjs/common';

const POLL_MS = 20;

/** Whether the gateway is shutting down, and what still runs. */
@Injectable()
export class Draining {
  private running = 0;
  private begun = false;

  /** Whether new changes are refused. */
  get active(): boolean {
    return this.begun;
  }

  /** A request has come. */
  enter(): void {
    this.running++;
  }

  /** A request has gone, answered or not. */
  leave(): void {
    this.running--;
  }

  /**
   * Refuses new changes from now on, and waits for those that run.
   *
   * @param timeoutMs how long at most
   * @returns whether all of them have ended
   */
  async drain(timeoutMs: number): Promise<boolean> {
    this.begun = true;
    const deadline = Date.now() + timeoutMs;
    while (this.running > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    return this.running === 0;
  }
}
