import type { IamPartitionName } from '@password-gateway/provider-iam/signer';

import { canSign } from './can-sign.js';
import { anyById, byId, element } from './dom.js';
import type { CurrentIdentity } from './identity.js';
import type { PageSettings } from './settings.js';

/**
 * Wires the dialog that takes a credential. Its fields are emptied as soon as they have been read, and whenever the
 * dialog closes.
 *
 * @param identity takes what the person enters
 * @param settings which credentials the gateway takes
 * @returns opens the dialog
 */
export function wireAuthorizeDialog(identity: CurrentIdentity, settings: PageSettings): () => void {
  const dialog = byId('authorize', HTMLDialogElement);
  const [cognitoForm, iamForm] = [byId('cognito-form', HTMLFormElement), byId('iam-form', HTMLFormElement)];
  cognitoForm.hidden = !settings.cognito;
  iamForm.hidden = settings.iamPartitions.length === 0;
  offerPartitions(settings.iamPartitions);
  anyById('insecure-context').hidden = canSign();
  byId('iam-fields', HTMLFieldSetElement).disabled = !canSign();

  onSubmit(cognitoForm, () => {
    identity.set({ provider: 'cognito', accessToken: valueOf('access-token') });
    dialog.close();
  });
  onSubmit(iamForm, () => {
    const sessionToken = valueOf('session-token');
    identity.set({
      provider: 'iam',
      credentials: {
        accessKeyId: valueOf('access-key-id'),
        secretAccessKey: valueOf('secret-access-key'),
        ...(sessionToken !== '' && { sessionToken }),
      },
      partition: byId('partition', HTMLSelectElement).value as IamPartitionName,
    });
    dialog.close();
  });
  anyById('close-authorize').addEventListener('click', () => {
    dialog.close();
  });
  dialog.addEventListener('close', () => {
    cognitoForm.reset();
    iamForm.reset();
  });
  return () => {
    if (!dialog.open) dialog.showModal();
  };
}

function onSubmit(form: HTMLFormElement, submitted: () => void): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submitted();
  });
}

function valueOf(id: string): string {
  // What is copied from a terminal or a console often brings white space along.
  return byId(id, HTMLInputElement).value.trim();
}

function offerPartitions(partitions: readonly IamPartitionName[]): void {
  anyById('partition').replaceChildren(...partitions.map((name) => element('option', { value: name }, name)));
  anyById('partition-field').hidden = partitions.length < 2;
}
