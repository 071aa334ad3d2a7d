/** The one style sheet of the problem pages. */
export const PROBLEM_PAGE_CSS = `:root {
  --ink: #1d2733;
  --quiet: #52606d;
  --line: #d9dfe6;
  --ground: #ffffff;
  --tint: #f5f7f9;
  --accent: #1a56a8;
  --unknown: #8a4b00;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #e4e9ee;
    --quiet: #a3afbb;
    --line: #36424e;
    --ground: #14191f;
    --tint: #1c232b;
    --accent: #8ab8f5;
    --unknown: #f0b35e;
  }
}
* {
  box-sizing: border-box;
}
body {
  margin: 0;
  background: var(--ground);
  color: var(--ink);
  font: 17px/1.6 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif;
}
main {
  max-width: 46rem;
  margin: 0 auto;
  padding: 2.5rem 1.25rem 4rem;
}
h1 {
  margin: 0.5rem 0;
  font-size: 1.75rem;
  line-height: 1.25;
}
h2 {
  margin: 2rem 0 0.25rem;
  font-size: 1.125rem;
}
h3 {
  margin: 0.75rem 0 0;
  font-size: 1rem;
}
p,
ul {
  margin: 0.25rem 0;
}
ul {
  padding-left: 1.25rem;
}
li {
  overflow-wrap: anywhere;
}
a {
  color: var(--accent);
}
:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}
code,
pre {
  font-family: ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace;
  font-size: 0.875em;
}
pre {
  overflow-x: auto;
  margin: 0.5rem 0;
  padding: 1rem;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--tint);
  line-height: 1.5;
}
pre code {
  font-size: 1em;
}
.facts {
  display: flex;
  flex-wrap: wrap;
  gap: 0.25rem 1.25rem;
  margin-bottom: 1.25rem;
  color: var(--quiet);
  font-size: 0.9375rem;
}
.unknown {
  color: var(--unknown);
  font-weight: 600;
}
.wide {
  overflow-x: auto;
  margin-top: 1.5rem;
}
table {
  width: 100%;
  border-collapse: collapse;
  font-size: 0.9375rem;
}
th,
td {
  padding: 0.375rem 1rem 0.375rem 0;
  border-bottom: 1px solid var(--line);
  text-align: left;
  vertical-align: top;
}
@media (max-width: 40rem) {
  thead {
    display: none;
  }
  tr {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
    padding: 0.5rem 0;
    border-bottom: 1px solid var(--line);
  }
  td {
    padding: 0;
    border: 0;
  }
  td:first-child {
    flex: 1 0 100%;
  }
}
`;
