import { canSign } from './can-sign.js';
import { anyById, byId } from './dom.js';
import type { CurrentIdentity, Identity } from './identity.js';
import type { PageSettings } from './settings.js';

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
  readonly settings: PageSettings;
  /** Folder of the page's own files, with a slash at the end. */
  readonly docsUrl: string;
  /** Writes the request body, ready to be executed. */
  readonly fillBody: (body: object) => void;
}

/** Shows the bar with the demonstration users and wires its buttons. */
export function wireSandboxBar(page: SandboxPage): void {
  const { cognito, iamPartitions } = page.settings;
  anyById('sandbox').hidden = false;
  wireButton('cognito', page, { served: cognito, usable: true });
  wireButton('iam', page, { served: iamPartitions.length > 0, usable: canSign() });
}

function wireButton(
  provider: Identity['provider'],
  page: SandboxPage,
  { served, usable }: { readonly served: boolean; readonly usable: boolean },
): void {
  const button = byId(`demo-${provider}`, HTMLButtonElement);
  button.hidden = !served;
  button.disabled = !usable;
  button.addEventListener('click', () => {
    button.disabled = true;
    void take(provider, page).finally(() => {
      button.disabled = false;
    });
  });
}

async function take(provider: Identity['provider'], page: SandboxPage): Promise<void> {
  const status = anyById('sandbox-status');
  const user = await demoUser(`${page.docsUrl}sandbox/${provider}`);
  status.hidden = user !== undefined;
  if (user === undefined) {
    status.textContent =
      'The local AWS hands out no demo user. Is it still running? Start it again with npm start.';
    return;
  }
  page.identity.set(identityOf(user, page.settings));
  page.fillBody({ currentPassword: user.currentPassword, newPassword: PROPOSED[provider] });
}

async function demoUser(url: string): Promise<DemoUser | undefined> {
  try {
    const answer = await fetch(url, { method: 'POST' });
    return answer.ok ? ((await answer.json()) as DemoUser) : undefined;
  } catch {
    return undefined;
  }
}

function identityOf(user: DemoUser, { iamPartitions: [partition = 'aws'] }: PageSettings): Identity {
  if (user.provider === 'cognito') return { provider: 'cognito', accessToken: user.accessToken };
  const { accessKeyId, secretAccessKey } = user;
  return { provider: 'iam', credentials: { accessKeyId, secretAccessKey }, partition };
}
