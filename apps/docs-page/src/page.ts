import { wireAuthorizeDialog } from './authorize-dialog.js';
import type { OpenApiDocument } from './document.js';
import { anyById, element } from './dom.js';
import { CurrentIdentity } from './identity.js';
import { wireIdentityLine } from './identity-line.js';
import { wireSandboxBar } from './sandbox-bar.js';
import type { PageSettings } from './settings.js';
import { startSwaggerUi } from './swagger-ui.js';

/** Where the gateway is, as this page sees it: everything is relative to it, so a proxy may add any prefix. */
const gatewayUrl = new URL('.', location.href).href;
const docsUrl = `${gatewayUrl}docs/`;

async function json<Body>(url: string): Promise<Body> {
  const answer = await fetch(url);
  if (!answer.ok) throw new Error(`${url} was answered with ${answer.status}`);
  return (await answer.json()) as Body;
}

/** Without this the page would say "Loading…" for ever. */
function tellFailure(reason: unknown): never {
  const told =
    'The gateway did not answer as it should. See whether it still runs, and load this page again.';
  anyById('swagger-ui').replaceChildren(element('p', { class: 'column', role: 'alert' }, told));
  throw reason;
}

const [settings, openApi] = await Promise.all([
  json<PageSettings>(`${docsUrl}settings.json`),
  json<OpenApiDocument>(`${gatewayUrl}openapi.json`),
]).catch(tellFailure);
anyById('version').textContent = openApi.info.version;
anyById('introduction').textContent = openApi.info.description;

const identity = new CurrentIdentity();
wireIdentityLine(identity, wireAuthorizeDialog(identity, settings));
const { fillBody } = startSwaggerUi({
  openApi,
  gatewayUrl,
  identity,
  domNode: anyById('swagger-ui'),
});
if (settings.sandbox) wireSandboxBar({ identity, settings, docsUrl, fillBody });
