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

/** The rows of some observations, one per client and setting, in their order. Versions of a program share their row. */
export function tableRows(observations: readonly Observation[]): string[][] {
  const rows = new Map<string, string[]>();
  for (const { client } of observations) {
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

/** A Markdown document of these rows, formatted as prettier does. */
export function document(rows: readonly (readonly string[])[]): string {
  const table = [COLUMNS, ...rows];
  const widths = COLUMNS.map((_column, index) => Math.max(...table.map((row) => row[index]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, index) => text.padEnd(widths[index] ?? 0)).join(' | ')} |`;
  const rule = widths.map((width) => '-'.repeat(width));
  return `${[line(COLUMNS), line(rule), ...rows.map(line)].join('\n')}\n\n${NOTES}`;
}
