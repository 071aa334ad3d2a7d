/** A change that a client is to make. */
export interface Change {
  /** Where the gateway is. */
  readonly gateway: string;
  readonly current: string;
  readonly new: string;
  /** Cognito: the access token. */
  readonly token: string;
  /** IAM: the keys. */
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** IAM: empty without temporary credentials. */
  readonly sessionToken: string;
  /** How often the client may try; its own default when left out. */
  readonly attempts?: number;
}

/** What became of it, in the client's own words. */
export interface Seen {
  /** Name of the exception; null after a success. */
  readonly raised: string | null;
  /** Whether the client has a class of its own for it. */
  readonly modelled: boolean;
  readonly message: string;
}

/** One client, set up in one way. */
export interface Client {
  /** Row of the table: who. */
  readonly name: string;
  readonly provider: 'cognito' | 'iam';
  /** Row of the table: the setting that leads to the gateway. */
  readonly setting: string;
  readonly change: (change: Change) => Promise<Seen>;
}

/** Clients that are here or are not. */
export interface Program {
  readonly name: string;
  /** Undefined when the program is not installed. */
  readonly version: string | undefined;
  readonly clients: readonly Client[];
  readonly end: () => Promise<void>;
}

/** A program that is not installed. */
export function missing(name: string): Program {
  return { name, version: undefined, clients: [], end: () => Promise.resolve() };
}

/** Puts the values of a change in place of `{name}`. */
export function filledIn(template: string, change: Change): string {
  const values: Readonly<Record<string, string | number | undefined>> = {
    ...change,
    nativeBody: JSON.stringify({
      PreviousPassword: change.current,
      ProposedPassword: change.new,
      AccessToken: change.token,
    }),
    documentedBody: JSON.stringify({ currentPassword: change.current, newPassword: change.new }),
  };
  return template.replace(/\{(\w+)\}/g, (_whole, name: string) => String(values[name] ?? ''));
}
