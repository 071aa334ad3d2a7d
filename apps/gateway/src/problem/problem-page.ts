import type { Outcome, ProviderName } from '@password-gateway/errors';
import { STATUS_CODES } from 'node:http';

import type { ProblemDescription, ProblemListing } from './problem-description.js';

const OUTCOMES: Readonly<Record<Outcome, string>> = {
  unchanged: 'It is unchanged: the old password still holds.',
  unknown: 'It may have changed. AWS may have carried the change out, and nobody can tell from here.',
};

/** Whether to repeat the request. After an unknown outcome the next step has said it. */
const RETRY: Readonly<Record<Outcome | 'retryable', string>> = {
  retryable: 'The same request can succeed later.',
  unchanged: 'Repeating the same request does not help.',
  unknown: '',
};

const PROVIDERS: Readonly<Record<ProviderName, string>> = { cognito: 'Amazon Cognito', iam: 'AWS IAM' };

/**
 * The page of one problem, as HTML without scripts. Its links are relative, so that a proxy may add any prefix.
 *
 * @param problem what the page tells
 */
export function problemPage(problem: ProblemDescription): string {
  const { code, title, status, meaning, outcome, retryable, nextStep, upstream, example } = problem;
  return page(
    title,
    '',
    `<nav><a href="../problems">All problems</a></nav>
<h1>${escape(title)}</h1>
<p class="facts"><code>${code}</code> <span>HTTP ${statusLine(status)}</span> <span class="${outcome}">password ${outcome}</span></p>
<p>${escape(meaning)}</p>
<h2>What became of the password</h2>
<p>${code === 'internal_error' ? 'The answer’s <code>outcome</code> says so: <code>unchanged</code> where AWS was not called, else <code>unknown</code>.' : OUTCOMES[outcome]}</p>
<h2>What to do next</h2>
<p>${escape(nextStep)} ${RETRY[retryable ? 'retryable' : outcome]}</p>
<h2>When AWS sends it</h2>
${upstreamList(upstream)}
<h2>Example</h2>
<pre tabindex="0" role="region" aria-label="Example answer"><code>${escape(JSON.stringify(example, null, 2))}</code></pre>`,
  );
}

/**
 * The page that lists all problems, as HTML without scripts.
 *
 * @param problems in the order of the page
 */
export function problemListPage(problems: readonly ProblemListing[]): string {
  const rows = problems.map(
    ({ code, title, status, outcome }) =>
      `<tr><td><a href="problems/${code}"><code>${code}</code></a></td><td>${status}</td><td>${escape(title)}</td><td class="${outcome}">${outcome}</td></tr>`,
  );
  return page(
    'Problems',
    'problems/',
    `<h1>Problems</h1>
<p>Everything that can go wrong when a password is changed through Password Gateway. Each failure is problem details (RFC 9457); its <code>type</code> leads to one of these pages.</p>
<div class="wide" tabindex="0" role="region" aria-label="All problems"><table>
<thead><tr><th scope="col">Code</th><th scope="col">Status</th><th scope="col">Meaning</th><th scope="col">Password</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></div>`,
  );
}

function upstreamList(upstream: ProblemDescription['upstream']): string {
  const providers = (['cognito', 'iam'] as const).filter((provider) => upstream[provider] !== undefined);
  if (providers.length === 0) return '<p>AWS never says so: the gateway decides this itself.</p>';
  return providers
    .map(
      (provider) =>
        `<h3>${PROVIDERS[provider]}</h3>
<ul>${(upstream[provider] ?? []).map((entry) => `<li>${upstreamEntry(entry)}</li>`).join('')}</ul>`,
    )
    .join('\n');
}

/** `Name`, or `Name: start of the text`, or `Name: (remark)`. */
function upstreamEntry(entry: string): string {
  const [name = '', ...parts] = entry.split(': ');
  const text = escape(parts.join(': '));
  const quoted = text === '' || text.startsWith('(') ? text : `“${text}${text.endsWith('.') ? '' : ' …'}”`;
  return `<code>${escape(name)}</code> ${quoted}`.trimEnd();
}

function statusLine(status: number): string {
  return `${status} ${STATUS_CODES[status] ?? ''}`;
}

function page(title: string, base: string, content: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escape(title)} – Password Gateway</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${base}page.css">
</head>
<body>
<main>
${content}
</main>
</body>
</html>
`;
}

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ESCAPES[character] ?? character);
}

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
