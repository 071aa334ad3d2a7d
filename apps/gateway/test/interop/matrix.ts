import type { Fault } from '@password-gateway/aws-sandbox';

import { FIRST_PASSWORD } from '../support/people.js';
import type { World } from '../support/world.js';
import type { Change, Client, Seen } from './client.js';

/** The new password: what the clients' encodings differ in, and beyond ASCII. */
export const NEW_PASSWORD = 'Bättery Staple+2%41&~=*';

/** What the case is about. */
export type CaseName =
  | 'success'
  | 'wrong password'
  | 'policy violation'
  | 'expired credential'
  | 'invalid credential'
  | 'throttled'
  | 'committed, then reset'
  | 'committed, then silence'
  | 'committed, then 500';

/** One change by one client, and what both sides saw of it. */
export interface Observation {
  readonly client: Client;
  readonly case: CaseName;
  readonly seen: Pick<Seen, 'raised' | 'modelled'>;
  /** Calls that reached AWS. */
  readonly calls: number;
  readonly oldPasswordHolds: boolean;
  readonly newPasswordHolds: boolean;
}

interface Case {
  /** Faults of the upstream. */
  readonly fault?: (client: Client) => { readonly fault: Fault; readonly times?: number };
  /** What differs from a change that succeeds. */
  readonly change?: Partial<Change> | ((client: Client, person: Person) => Partial<Change>);
}

const CASES: Readonly<Record<CaseName, Case>> = {
  success: {},
  'wrong password': { change: { current: 'Wrong-Horse-1' } },
  'policy violation': { change: { new: 'short' } },
  'expired credential': { change: (_client, person) => person.expired() },
  'invalid credential': { change: (_client, person) => person.invalid() },
  throttled: {
    fault: ({ provider }) => ({
      fault: { kind: 'error', code: provider === 'cognito' ? 'TooManyRequestsException' : 'Throttling' },
      times: 9,
    }),
    // Retries are right here, but their pauses would make the tests long.
    change: { attempts: 2 },
  },
  'committed, then reset': { fault: () => ({ fault: { kind: 'commit-then-reset' } }) },
  'committed, then silence': { fault: () => ({ fault: { kind: 'commit-then-hang' } }) },
  'committed, then 500': { fault: () => ({ fault: { kind: 'status', status: 500, commit: true } }) },
};

/** All cases, in the order of the table. */
const CASE_NAMES = Object.keys(CASES) as readonly CaseName[];

/** What the cases need to know of somebody who changes a password. */
interface Person {
  readonly has: (password: string) => boolean;
  readonly credential: Partial<Change>;
  readonly expired: () => Partial<Change>;
  readonly invalid: () => Partial<Change>;
}

/** Carries out every case with every client, those of one provider one after the other. */
export async function observe(
  world: World,
  gateway: string,
  clients: readonly Client[],
): Promise<Observation[]> {
  const ofProvider = async (provider: Client['provider']): Promise<Observation[]> => {
    const observations: Observation[] = [];
    for (const client of clients.filter((candidate) => candidate.provider === provider)) {
      for (const name of CASE_NAMES) observations.push(await observeCase(world, gateway, client, name));
    }
    return observations;
  };
  return (await Promise.all([ofProvider('cognito'), ofProvider('iam')])).flat();
}

async function observeCase(
  world: World,
  gateway: string,
  client: Client,
  name: CaseName,
): Promise<Observation> {
  const { sandbox } = world;
  const { fault, change = {} } = CASES[name];
  const service = client.provider === 'cognito' ? 'cognito-idp' : 'iam';
  const person = personAt(world, client.provider);
  const before = callsTo(world, service);
  if (fault) sandbox.faults.next({ service, action: 'ChangePassword', ...fault(client) });
  const { raised, modelled } = await client.change({
    ...changeOf(gateway, person),
    ...(typeof change === 'function' ? change(client, person) : change),
  });
  while (sandbox.faults.take(service, 'ChangePassword'));
  return {
    client,
    case: name,
    seen: { raised, modelled },
    calls: callsTo(world, service) - before,
    oldPasswordHolds: person.has(FIRST_PASSWORD),
    newPasswordHolds: person.has(NEW_PASSWORD),
  };
}

function callsTo({ sandbox }: World, service: string): number {
  return sandbox.calls.filter((call) => call.service === service).length;
}

/** A change that succeeds, from the first password to {@link NEW_PASSWORD}. */
export function changeOf(gateway: string, { credential }: Pick<Person, 'credential'>): Change {
  return {
    gateway,
    current: FIRST_PASSWORD,
    new: NEW_PASSWORD,
    token: '',
    accessKeyId: '',
    secretAccessKey: '',
    sessionToken: '',
    ...credential,
  };
}

/** Somebody new at a provider. */
export function personAt(world: World, provider: Client['provider']): Person {
  const { sandbox, poolId } = world;
  if (provider === 'cognito') {
    const { has, username, accessToken } = world.cognitoUser();
    return {
      has,
      credential: { token: accessToken },
      expired: () => ({
        token: sandbox.cognito.issueTokens(poolId, username, { expiresInSeconds: -60 }).accessToken,
      }),
      // A token of the right form that nobody signed.
      invalid: () => ({ token: `${accessToken.slice(0, accessToken.lastIndexOf('.'))}.${'A'.repeat(342)}` }),
    };
  }
  const { has, userName, credentials } = world.iamUser();
  const { accessKeyId, secretAccessKey } = credentials;
  return {
    has,
    credential: { accessKeyId, secretAccessKey },
    expired: () => {
      const session = sandbox.iam.createSession(userName, { expiresInSeconds: -60 });
      const { accessKeyId, secretAccessKey, sessionToken } = session;
      return { accessKeyId, secretAccessKey, sessionToken };
    },
    invalid: () => ({ accessKeyId: 'AKIAIOSFODNN7NOBODYS' }),
  };
}
