import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { GatewayProcess } from './support/gateway-process.js';
import { type Passwords, type Reply, send, sendChange } from './support/send-change.js';
import type { Person } from './support/people.js';
import { World } from './support/world.js';

const MB = 1024 * 1024;
const NEW_PASSWORD = 'Battery-Staple-2';

let folder: string;
let world: World;
let gateway: GatewayProcess;

async function changed(person: Person, passwords: Passwords): Promise<Reply> {
  return sendChange(gateway.url, passwords, { headers: await person.authorise(passwords) });
}

/** Far away from the workspace, so that nothing of it can be found. */
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'artefact-'));
  cpSync(fileURLToPath(new URL('../artefact', import.meta.url)), folder, { recursive: true });
  execFileSync('npm', ['ci', '--omit=dev', '--offline'], { cwd: folder, stdio: 'ignore' });
  world = await World.start();
  gateway = await GatewayProcess.start(world.settings(), join(folder, 'dist/server/main.js'));
}, 60_000);

afterAll(async () => {
  await gateway.kill();
  await world.end();
  rmSync(folder, { recursive: true });
});

describe('the artefact, installed by its own lock', () => {
  it('is smaller than 15 MB', () => {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    const bytes = files.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
    expect(bytes).toBeGreaterThan(1 * MB);
    expect(bytes).toBeLessThan(15 * MB);
  });

  it('asks for nothing that is for development', () => {
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as Record<
      string,
      unknown
    >;
    expect(Object.keys(manifest).filter((key) => /dependencies/i.test(key))).toEqual([]);
    expect(readFileSync(join(folder, 'package-lock.json'), 'utf8')).not.toMatch(/resolved|node-linux/);
  });

  it('holds the licences of what is in it', () => {
    const text = readFileSync(join(folder, 'THIRD-PARTY.txt'), 'utf8');
    for (const name of ['@nestjs/core', 'fastify', 'undici', 'ioredis', '@aws-sdk/client-iam']) {
      expect(text).toMatch(new RegExp(`^${name} \\d+\\.\\d+\\.\\d+ \\(`, 'm'));
    }
    expect(text).not.toMatch(/\(undefined\)|Licence: undefined/);
  });

  it.each(['cognito', 'iam'] as const)('changes a password: %s', async (provider) => {
    const person = world.user(provider);
    const answer = await changed(person, { currentPassword: person.password, newPassword: NEW_PASSWORD });
    expect([answer.status, person.has(NEW_PASSWORD)]).toEqual([200, true]);
  });

  it.each(['cognito', 'iam'] as const)('reads what AWS refuses: %s', async (provider) => {
    const answer = await changed(world.user(provider), {
      currentPassword: 'Not-This-One-1',
      newPassword: NEW_PASSWORD,
    });
    expect(answer.json).toMatchObject({ code: 'current_password_incorrect', outcome: 'unchanged' });
  });

  it.each(['/docs', '/docs/page.js', '/docs/page.css', '/openapi.json', '/problems/rate_limited'])(
    'serves %s',
    async (path) => {
      expect((await send(`${gateway.url}${path}`)).status).toBe(200);
    },
  );
});
