import type { CodeSample, OpenApiDocument } from './document.js';
import { element } from './dom.js';
import { makeTabs } from './tabs.js';

/** Where the samples take their credentials from. */
const ENVIRONMENT = [
  'These are whole programs. They take credentials from the environment: ',
  code('ACCESS_TOKEN'),
  ', or ',
  code('AWS_ACCESS_KEY_ID'),
  ', ',
  code('AWS_SECRET_ACCESS_KEY'),
  ' and, with temporary keys, ',
  code('AWS_SESSION_TOKEN'),
  '.',
];

/**
 * The request samples of the document as tabs by language; each shows the sample of both providers.
 *
 * @param openApi holds the samples as `x-codeSamples`
 */
export function requestSamples(openApi: OpenApiDocument): HTMLElement {
  const byLanguage = Map.groupBy(openApi.paths['/password/change'].post['x-codeSamples'], ({ lang }) => lang);
  return element(
    'section',
    { id: 'request-samples', class: 'samples', 'aria-labelledby': 'samples-title' },
    element('h3', { id: 'samples-title' }, 'Request samples'),
    element('p', {}, ...ENVIRONMENT),
    makeTabs(
      'Languages',
      [...byLanguage].map(([label, samples]) => ({ label, content: samples.map(showSample) })),
    ),
  );
}

function showSample({ label, source }: CodeSample): HTMLElement {
  const copy = element('button', { type: 'button', class: 'copy' }, 'Copy');
  copy.addEventListener('click', () => {
    void copyText(source).then(
      () => (copy.textContent = 'Copied'),
      () => (copy.textContent = 'Select it and copy by hand'),
    );
  });
  return element(
    'figure',
    { class: 'sample' },
    element('figcaption', {}, element('span', {}, label), copy),
    element('pre', { tabindex: '0', role: 'region', 'aria-label': label }, element('code', {}, source)),
  );
}

/** Rejects where the browser offers no clipboard, as over plain http. */
async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}

function code(text: string): HTMLElement {
  return element('code', {}, text);
}
