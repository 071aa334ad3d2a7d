import { readFileSync } from 'node:fs';

/** One request sample, in the form of the OpenAPI extension `x-codeSamples`. */
export interface CodeSample {
  /** Name of the language. */
  readonly lang: string;
  /** Whose password it changes. */
  readonly label: string;
  readonly source: string;
}

const LANGUAGES = [
  ['Shell', 'sh'],
  ['JavaScript', 'mjs'],
  ['TypeScript', 'ts'],
  ['Python', 'py'],
  ['Java', 'java'],
  ['Swift', 'swift'],
] as const;

const CALLERS = [
  ['cognito', 'Amazon Cognito user'],
  ['iam', 'AWS IAM user'],
] as const;

/** The request samples, read from the folder `samples`: programs that run as they are printed. */
export function codeSamples(): CodeSample[] {
  return LANGUAGES.flatMap(([lang, extension]) =>
    CALLERS.map(([caller, label]) => ({
      lang,
      label,
      source: readFileSync(
        new URL(`../../samples/${caller}.${extension}`, import.meta.url),
        'utf8',
      ).trimEnd(),
    })),
  );
}
