import { anyById, byId } from './dom.js';
import type { CurrentIdentity, Identity } from './identity.js';

/** A demonstration user of the local AWS, as the gateway hands it out. */
type DemoUser =
  | { readonly provider: 'cognito'; readonly accessToken: string; readonly currentPassword: string }
  | {
      readonly provider: 'iam';
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly currentPassword: string;
    };

/** New passwords to propose: accepted by the default policies, and different from the current ones. */
const PROPOSED = { cognito: 'Another-Horse-2', iam: 'Another-Staple-2' } as const;

/** What a click on a demonstration user needs of the page. */
export interface SandboxPage {
  readonly identity: CurrentIdentity;
  /** Folder of the page's own files, with a slash at the end. */
  readonly docsUrl: string;
  /** Writes the request body, ready to be executed. */
  readonly fillBody: (body: object) => void;
}

/** Shows the bar with the demonstration users and wires its buttons. */
export function wireSandboxBar(page: SandboxPage): void {
  anyById('sandbox').hidden = false;
  for (const provider of ['cognito', 'iam'] as const) {
    const button = byId(`demo-${provider}`, HTMLButtonElement);
    button.addEventListener('click', () => {
      button.disabled = true;
      void take(provider, page).finally(() => {
        button.disabled = false;
      });
    });
  }
}

async function take(
  provider: Identity['provider'],
  { identity, docsUrl, fillBody }: SandboxPage,
): Promise<void> {
  const answer = await fetch(`${docsUrl}sandbox/${provider}`, { method: 'POST' });
  if (!answer.ok) {
    anyById('identity-status').textContent =
      'The local AWS does not answer, so there is no demo user. Is it still running? Start it again with npm start.';
    return;
  }
  const user = (await answer.json()) as DemoUser;
  identity.set(identityOf(user));
  fillBody({ currentPassword: user.currentPassword, newPassword: PROPOSED[provider] });
}

function identityOf(user: DemoUser): Identity {
  if (user.provider === 'cognito') return { provider: 'cognito', accessToken: user.accessToken };
  const { accessKeyId, secretAccessKey } = user;
  return { provider: 'iam', credentials: { accessKeyId, secretAccessKey }, partition: 'aws' };
}
