import type { Client } from './client.js';
import { type CaseName, type Observation } from './matrix.js';

const COLUMNS = [
  'Client',
  'Provider',
  'Setting',
  'Wrong password',
  'Policy violation',
  'Expired',
  'Invalid',
  'Throttled',
  'Outcome unknown',
];

/** Client, provider and setting. */
const SETTING_COLUMNS = 3;

type Rows = readonly (readonly string[])[];

const CELLS: readonly (readonly CaseName[])[] = [
  ['wrong password'],
  ['policy violation'],
  ['expired credential'],
  ['invalid credential'],
  ['throttled'],
  ['committed, then reset', 'committed, then silence', 'committed, then 500'],
];

const PROVIDERS = { cognito: 'Amazon Cognito', iam: 'AWS IAM' } as const;

const NOTES = `¹ Only with \`AWS_COMPATIBLE_ENDPOINT=true\`. Without the proxy setting an \`http://\` address of AWS sends passwords in clear to the
internet: use it with a gateway on the same machine or a trusted network only.

² The documented dialect, as API documentation prints it; what is named is the problem's code.

³ The client has no class for it: \`ClientError\`, \`IAMServiceException\` with this code, as from AWS itself.

Outcome unknown: AWS changed the password, and then reset the connection, said nothing, or answered 500. One call reached AWS.
`;

/**
 * The rows of some observations, one per client and setting that was seen to change the password, in their order.
 * Versions of a program share their row.
 */
export function tableRows(observations: readonly Observation[]): string[][] {
  const rows = new Map<string, string[]>();
  const successes = observations.filter((one) => one.case === 'success' && one.newPasswordHolds);
  for (const { client } of successes) {
    const cells = CELLS.map((names) => {
      const seen = names.flatMap((name) => cellsOf(observations, client, name));
      return [...new Set(seen)].join(', ');
    });
    const row = [client.name, PROVIDERS[client.provider], client.setting, ...cells];
    rows.set(row.slice(0, 3).join('|'), row);
  }
  return [...rows.values()];
}

function cellsOf(observations: readonly Observation[], client: Client, name: CaseName): string[] {
  return observations
    .filter(
      (one) => one.case === name && one.client.name === client.name && one.client.setting === client.setting,
    )
    .map(({ seen }) => cell(client, seen));
}

const UNTYPED = new Set(['AWS CLI', 'curl']);

function cell({ name }: Client, { raised, modelled }: Observation['seen']): string {
  return `\`${raised ?? 'nothing'}\`${modelled || UNTYPED.has(name) ? '' : ' ³'}`;
}

/** The page of tools/interop: all columns. */
export function page(rows: Rows): string {
  return `${markdown(COLUMNS, rows)}\n\n${NOTES}`;
}

const README_TABLE =
  /(?<=<!-- What the end-to-end tests saw;.*-->\n\n)[^]*?(?=\n*<!-- End of what they saw. -->)/;

/** The README with its table written anew: who reaches whom by which setting. */
export function withReadmeTable(readme: string, rows: Rows): string {
  const settings = rows.map(settingOf);
  return readme.replace(README_TABLE, () => markdown(COLUMNS.slice(0, SETTING_COLUMNS), settings));
}

/** The cells of every table row in a Markdown text, each row joined, however wide its columns are. */
export function rowsIn(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => rowKey(line.slice(1, -1).split('|')));
}

/** A row as {@link rowsIn} tells it. */
export function rowKey(cells: readonly string[]): string {
  return cells.map((text) => text.trim()).join('|');
}

/** The cells of a row that say who, and by which setting. */
export function settingOf(row: readonly string[]): readonly string[] {
  return row.slice(0, SETTING_COLUMNS);
}

/** A table, formatted as prettier does. */
function markdown(columns: readonly string[], rows: Rows): string {
  const widths = columns.map((column, index) =>
    Math.max(column.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  return [line(columns), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}
