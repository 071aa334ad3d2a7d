import { expect, it } from '@jest/globals';
import { realpathSync } from 'node:fs';
import { env } from 'node:process';

import { GatewayProcess } from '../support/gateway-process.js';
import { type Settings, World } from '../support/world.js';
import type { Program } from './client.js';
import { runProgram } from './run-program.js';

/** Deadline of the upstream calls of these tests. */
const DEADLINE_MS = 1_500;

/** A world and a gateway process for one program. */
export interface Lane {
  readonly world: World;
  readonly gateway: GatewayProcess;
  readonly end: () => Promise<void>;
}

/** Starts a world and a gateway process that takes AWS's own clients. */
export async function startLane(settings: Settings = {}): Promise<Lane> {
  const world = await World.start();
  const gateway = await GatewayProcess.start(
    world.settings({ AWS_COMPATIBLE_ENDPOINT: 'true', UPSTREAM_TIMEOUT_MS: `${DEADLINE_MS}`, ...settings }),
  );
  const end = async (): Promise<void> => {
    await gateway.kill();
    await world.end();
  };
  return { world, gateway, end };
}

/** The names of a program that is installed: the first on the path, and Debian's where that is another one. */
export async function versionsOf(program: string): Promise<string[]> {
  const found = new Map<string, string>();
  for (const name of [program, `/usr/bin/${program}`]) {
    const works = (await runProgram(name, ['--version']))?.status === 0;
    const where = await runProgram('/bin/sh', ['-c', 'command -v "$0"', name]);
    if (!works || where?.status !== 0) continue;
    const file = realpathSync(where.stdout.trim());
    if (!found.has(file)) found.set(file, name);
  }
  return [...found.values()];
}

/** Programs that these tests want, each under a plain name; where CI is true, a missing one fails. */
export function reportMissing(programs: readonly Pick<Program, 'name'>[], wanted: readonly string[]): void {
  for (const name of wanted.filter((one) => !programs.some((program) => program.name === one))) {
    if (env['CI'] === 'true') {
      it(`${name} must be installed where CI is true`, () => {
        expect(programs.map((program) => program.name)).toContain(name);
      });
    } else {
      it.skip(`${name}: NOT CHECKED, it is not installed here`, () => undefined);
    }
  }
}
