import { cp, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execPath } from 'node:process';
import { fileURLToPath } from 'node:url';

import type { Packed } from './pack.js';
import { run } from './run.js';
import { WORKSPACE } from './workspace.js';

const PROJECTS = fileURLToPath(new URL('../../consumers/', import.meta.url));

/** What a project is made from, and what is installed beside the tarballs. */
export interface Installed {
  /** Folder of `consumers/`; the project's own name by default. */
  readonly from?: string;
  /** Packages in the version of the workspace. */
  readonly beside?: readonly string[];
  /** Packages with versions of their own. */
  readonly pinned?: readonly string[];
}

/** Where and what to install. */
export interface ConsumerOptions extends Installed {
  /** Folder outside the workspace in which the project is made. */
  readonly parent: string;
  readonly packed: readonly Packed[];
}

/** A project outside the workspace that has the packed libraries installed. */
export class Consumer {
  private constructor(readonly directory: string) {}

  /**
   * Makes a project.
   *
   * @param name its name
   */
  static async install(
    name: string,
    { parent, packed, from = name, beside = [], pinned = [] }: ConsumerOptions,
  ): Promise<Consumer> {
    const directory = join(parent, name);
    await mkdir(directory);
    await cp(join(PROJECTS, from), directory, { recursive: true });
    const others = await Promise.all(beside.map(async (other) => `${other}@${await versionOf(other)}`));
    const packages = [...packed.map(({ tarball }) => tarball), ...others, ...pinned];
    const flags = ['--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', '--silent'];
    await run('npm', ['install', ...flags, ...packages], directory);
    return new Consumer(directory);
  }

  /** Adds a file. */
  async write(path: string, text: string): Promise<void> {
    await writeFile(join(this.directory, path), text);
  }

  /** Adds a file or folder of `consumers/`. */
  async copy(path: string): Promise<void> {
    await cp(join(PROJECTS, path), this.directory, { recursive: true });
  }

  /** Runs a script of the project with this Node and gives what it prints. */
  node(script: string): Promise<string> {
    return run(execPath, [script], this.directory);
  }

  /** Runs another program in the project and gives what it prints. */
  run(program: string, args: readonly string[]): Promise<string> {
    return run(program, args, this.directory);
  }
}

async function versionOf(name: string): Promise<string> {
  const manifest = join(WORKSPACE, 'node_modules', name, 'package.json');
  const { default: parsed } = (await import(manifest, { with: { type: 'json' } })) as {
    default: { version: string };
  };
  return parsed.version;
}
