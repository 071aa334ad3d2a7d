import { fstatSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { type DestinationStream, pino } from 'pino';

/** What is kept while nobody reads: ordinary lines up to the first bound, audit lines up to the second; in characters. */
const MAX_WAITING = 4 * 1024 * 1024;
const MAX_WAITING_WITH_AUDIT = 16 * 1024 * 1024;

/** How long the end of the process waits for a reader that stands still, in milliseconds. */
const END_WITHIN_MS = 500;

const STDOUT = 1;

/**
 * Stdout that never holds the process up: lines wait in a bounded buffer while the reader stands still, and beyond the bound
 * they are dropped and counted, audit lines last of all.
 */
export class BoundedStdout implements DestinationStream {
  /** Lines that were dropped. */
  dropped = 0;
  private readonly stream = openStdout();
  private waiting: string[] = [];
  private length = 0;
  private scheduled = false;
  private toldDropped = 0;

  /** @param onDropped told how many lines were dropped since the last time, once lines are taken again */
  constructor(private readonly onDropped: (lines: number) => void) {
    this.stream.on('drain', () => {
      this.flush();
      this.tellDropped();
    });
    process.once('exit', () => {
      this.flushAtExit();
    });
  }

  /** Takes an ordinary line. */
  write(line: string): void {
    this.take(line, MAX_WAITING);
  }

  /** Takes audit lines, which are dropped last. */
  readonly audit: DestinationStream = {
    write: (line) => {
      this.take(line, MAX_WAITING_WITH_AUDIT);
    },
  };

  /** Waits until everything is written, but not for long. */
  async end(): Promise<void> {
    const deadline = Date.now() + END_WITHIN_MS;
    this.flush();
    while ((this.waiting.length > 0 || this.stream.writableNeedDrain) && Date.now() < deadline) {
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  }

  private take(line: string, bound: number): void {
    if (this.length + line.length > bound) {
      this.dropped += 1;
      return;
    }
    this.waiting.push(line);
    this.length += line.length;
    if (this.scheduled || this.stream.writableNeedDrain) return;
    this.scheduled = true;
    // The lines of one turn of the event loop go out together.
    setImmediate(() => {
      this.scheduled = false;
      this.flush();
    });
  }

  private flush(): void {
    if (this.stream.writableNeedDrain) return;
    const lines = this.takeAll();
    if (lines !== '') this.stream.write(lines);
  }

  private takeAll(): string {
    const lines = this.waiting.join('');
    this.waiting = [];
    this.length = 0;
    return lines;
  }

  private flushAtExit(): void {
    if (this.stream.writableNeedDrain) return;
    try {
      writeSync(STDOUT, this.takeAll());
    } catch {
      // A pipe that is full or gone takes no more.
    }
  }

  private tellDropped(): void {
    const lines = this.dropped - this.toldDropped;
    if (lines === 0) return;
    this.toldDropped = this.dropped;
    this.onDropped(lines);
  }
}

/** What is needed of a stream. */
interface Stdout {
  readonly writableNeedDrain: boolean;
  write(text: string): void;
  on(event: 'drain', listener: () => void): unknown;
}

/**
 * A pipe is written without waiting for its reader. process.stdout would wait, and so would a thread that writes: it would
 * hold up the end of the process. A file or a terminal is never in the way.
 */
function openStdout(): Stdout {
  const kind = fstatSync(STDOUT);
  if (!kind.isFIFO() && !kind.isSocket()) {
    const destination = pino.destination({ sync: true });
    return { writableNeedDrain: false, write: (text) => destination.write(text), on: () => undefined };
  }
  const socket = new Socket({ fd: STDOUT, readable: false, writable: true });
  // Whoever read it is gone: the lines are lost, and the service goes on.
  socket.on('error', () => undefined);
  socket.unref();
  return socket;
}
