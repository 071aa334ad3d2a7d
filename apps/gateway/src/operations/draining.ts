import { Injectable } from '@nestjs/common';

const POLL_MS = 20;

/** Whether the gateway is shutting down, and which changes still run. */
@Injectable()
export class Draining {
  private readonly running = new Set<() => void>();
  private begun = false;

  /** Whether new changes are refused. */
  get active(): boolean {
    return this.begun;
  }

  /**
   * A change has come.
   *
   * @param cutOff called when it outlasts the draining
   * @returns to be called when it has gone, answered or not; it says whether the change had not been cut off
   */
  enter(cutOff: () => void): () => boolean {
    this.running.add(cutOff);
    return () => this.running.delete(cutOff);
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
    while (this.running.size > 0 && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
    const drained = this.running.size === 0;
    for (const cutOff of this.running) cutOff();
    this.running.clear();
    return drained;
  }
}
