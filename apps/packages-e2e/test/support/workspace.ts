import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The libraries that are published, each after those that it needs. */
export const LIBRARIES = ['errors', 'validators', 'provider-cognito', 'provider-iam', 'aws-sandbox'] as const;

/** Folder name of a library. */
export type Library = (typeof LIBRARIES)[number];

/** Root of the workspace. */
export const WORKSPACE = fileURLToPath(new URL('../../../../', import.meta.url));

/** A path in the folder of a library. */
export function inLibrary(library: Library, ...path: string[]): string {
  return join(WORKSPACE, 'libs', library, ...path);
}

/** Absolute path of a program that the workspace has installed. */
export function tool(name: string): string {
  return join(WORKSPACE, 'node_modules', '.bin', name);
}
