import { readFile } from 'node:fs/promises';

/** An example of a README: a block of code and what it says this prints. */
export interface Example {
  readonly code: string;
  readonly prints: string | undefined;
}

const EXAMPLES = /^```(?:ts|js)\n(?<code>.*?)^```$(?:\n\nThis prints:\n\n```text\n(?<prints>.*?)^```$)?/gms;

const COMMANDS = /^```sh\n(.*?)^```$/gms;

/** Reads every example out of a README; the block that shows how CommonJS loads the library is none. */
export async function readExamples(path: string): Promise<Example[]> {
  const text = await readFile(path, 'utf8');
  return [...text.matchAll(EXAMPLES)].map(({ groups }) => {
    const { code, prints } = groups as { code: string; prints?: string };
    return { code, prints };
  });
}

/** Names of the packages that a README's commands install. */
export async function readInstalled(path: string): Promise<string[]> {
  const text = await readFile(path, 'utf8');
  const lines = [...text.matchAll(COMMANDS)].flatMap(([, commands = '']) => commands.split('\n'));
  return lines
    .filter((line) => line.startsWith('npm install '))
    .flatMap((line) => line.replace(/ #.*$/, '').split(' ').slice(2));
}
