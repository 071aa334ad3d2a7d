import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { env } from 'node:process';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';

/** Environment variables, by name. */
export type Variables = Readonly<Record<string, string>>;

/** How a program ended. */
export interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * The machine's environment without anything that would lead an AWS client elsewhere, so that a test sees the client as
 * it comes.
 */
function clientEnvironment(more: Variables = {}): NodeJS.ProcessEnv {
  const foreign = /^AWS_|^BOTO_|_proxy$|^NODE_OPTIONS$|^NODE_USE_ENV_PROXY$/i;
  const kept = Object.entries(env).filter(([name]) => !foreign.test(name));
  const given = Object.entries(more).filter(([, value]) => value !== '');
  return {
    ...Object.fromEntries(kept),
    LC_ALL: 'C.UTF-8',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // Not IAM's: what a client signs for must be said where it is called.
    AWS_DEFAULT_REGION: 'eu-west-1',
    AWS_PAGER: '',
    ...Object.fromEntries(given),
  };
}

/** Runs a program to its end; `undefined` when there is no such program. */
export async function runProgram(
  program: string,
  args: readonly string[],
  variables: Variables = {},
): Promise<Run | undefined> {
  const child = spawn(program, args, {
    env: clientEnvironment(variables),
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 60_000,
  });
  const ended = once(child, 'close') as Promise<[number | null]>;
  try {
    const [[status], stdout, stderr] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
    return { status, stdout, stderr };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** A program that answers one line of JSON with one line of JSON, and begins with a line about itself. */
export class LineProgram {
  private last: Promise<unknown> = Promise.resolve();

  private constructor(
    private readonly child: ReturnType<typeof start>,
    private readonly lines: AsyncIterator<string>,
    /** The version that it says it has. */
    readonly version: string,
  ) {}

  /**
   * Starts it; `undefined` when there is no such program, or when it says by its exit code 3 that its library is missing.
   *
   * @throws Error when it fails otherwise, so that a fault in it never looks like a missing program
   */
  static async start(
    program: string,
    args: readonly string[],
    variables: Variables = {},
  ): Promise<LineProgram | undefined> {
    const child = start(program, args, variables);
    const ended = once(child, 'close').catch((error: unknown) => [error]) as Promise<[unknown]>;
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const first = await lines.next();
    if (first.done !== true) {
      return new LineProgram(child, lines, (JSON.parse(first.value) as { version: string }).version);
    }
    const [end] = await ended;
    if (end === 3 || (end as NodeJS.ErrnoException | null)?.code === 'ENOENT') return undefined;
    throw new Error(`${program} ${args.join(' ')} failed: ${String(end)}`);
  }

  /** Asks, and waits for the answer, after those of the questions before. */
  ask(question: object): Promise<unknown> {
    const answer = this.last.then(() => this.askNow(question));
    this.last = answer.catch(() => undefined);
    return answer;
  }

  /** Lets it end. */
  async end(): Promise<void> {
    const ended = once(this.child, 'close');
    this.child.stdin.end();
    await ended;
  }

  private async askNow(question: object): Promise<unknown> {
    this.child.stdin.write(`${JSON.stringify(question)}\n`);
    const line = await this.lines.next();
    if (line.done === true) throw new Error('the program ended before it answered');
    return JSON.parse(line.value) as unknown;
  }
}

function start(program: string, args: readonly string[], variables: Variables) {
  return spawn(program, args, { env: clientEnvironment(variables), stdio: ['pipe', 'pipe', 'inherit'] });
}
