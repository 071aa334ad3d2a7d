import { expect, it } from '@jest/globals';

import { prefersHtml } from './prefers-html.js';

it.each([
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', true],
  ['text/html', true],
  ['TEXT/HTML ; q=0.5 , */*', true],
  ['application/json;q=0.5, text/html', true],
  ['application/json, text/html', true],
  ['application/json, text/html;q=0.9', false],
  ['application/problem+json, text/html;q=0.9', false],
  ['text/html;q=0', false],
  ['*/*', false],
  ['application/json', false],
  ['', false],
  [undefined, false],
])('%s: %s', (accept, html) => {
  expect(prefersHtml(accept)).toBe(html);
});
