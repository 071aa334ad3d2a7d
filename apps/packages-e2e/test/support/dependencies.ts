import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

import { type Library, WORKSPACE } from './workspace.js';

interface LockedPackage {
  readonly link?: boolean;
  readonly resolved?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** What the lock file of the workspace says about dependencies; peers and development are left out. */
export class Dependencies {
  private constructor(private readonly packages: Readonly<Record<string, LockedPackage>>) {}

  /** Reads the lock file. */
  static async read(): Promise<Dependencies> {
    const lock = JSON.parse(await readFile(join(WORKSPACE, 'package-lock.json'), 'utf8')) as {
      packages: Record<string, LockedPackage>;
    };
    return new Dependencies(lock.packages);
  }

  /** Names of what a library itself asks for. */
  direct(library: Library): string[] {
    return this.namesOf(`libs/${library}`);
  }

  /** How many packages come with a library, all levels together. */
  count(library: Library): number {
    const found = new Set<string>();
    const waiting = [`libs/${library}`];
    for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
      for (const name of this.namesOf(path)) {
        const dependency = this.resolve(name, path);
        if (found.has(dependency)) continue;
        found.add(dependency);
        waiting.push(dependency);
      }
    }
    return found.size;
  }

  private namesOf(path: string): string[] {
    return Object.keys(this.packages[path]?.dependencies ?? {});
  }

  /** As Node looks for modules: in the folder itself, then upwards. */
  private resolve(name: string, from: string): string {
    for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/')))) {
      const path = join(folder, 'node_modules', name);
      const locked = this.packages[path];
      if (locked !== undefined) return locked.link === true ? (locked.resolved ?? path) : path;
      if (folder === '') throw new Error(`${name} of ${from} is not in the lock file`);
    }
  }
}
