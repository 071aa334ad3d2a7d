import { anyById, byId } from './dom.js';
import type { CurrentIdentity, Identity } from './identity.js';

/**
 * Wires the line that says whose password would be changed.
 *
 * @param identity the identity that is told and can be forgotten here
 * @param openDialog what the Authorize button does
 */
export function wireIdentityLine(identity: CurrentIdentity, openDialog: () => void): void {
  const forget = byId('forget', HTMLButtonElement);
  anyById('open-authorize').addEventListener('click', openDialog);
  forget.addEventListener('click', () => {
    identity.set(undefined);
    anyById('open-authorize').focus();
  });
  identity.onChange((current) => {
    forget.hidden = current === undefined;
    anyById('identity-status').textContent = describe(current);
  });
}

function describe(identity: Identity | undefined): string {
  if (identity === undefined) return 'None yet.';
  if (identity.provider === 'cognito') return 'Amazon Cognito user, by access token.';
  const { credentials, partition } = identity;
  const where = partition === 'aws' ? '' : ` in ${partition}`;
  return `AWS IAM user${where}, by access key ${credentials.accessKeyId}. The request is signed in this page.`;
}
