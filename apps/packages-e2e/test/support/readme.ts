import { readFile } from 'node:fs/promises';

/** The example of a README: its first block of code and what it says this prints. */
export interface Example {
  readonly code: string;
  readonly prints: string | undefined;
}

const CODE = /^```(?:ts|js)\n(.*?)^```$/ms;
const PRINTS = /^This prints:\n\n```text\n(.*?)^```$/ms;

/** Reads the example out of a README. */
export async function readExample(path: string): Promise<Example> {
  const text = await readFile(path, 'utf8');
  const code = CODE.exec(text)?.[1];
  if (code === undefined) throw new Error(`${path} has no example`);
  return { code, prints: PRINTS.exec(text)?.[1] };
}
