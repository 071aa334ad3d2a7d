/**
 * Whether the caller is a browser that shows pages: it names `text/html`, and no JSON with more weight. A wildcard alone is
 * what programs send.
 *
 * Source: RFC 9110, 12.5.1.
 *
 * @param accept the `Accept` header
 */
export function prefersHtml(accept = ''): boolean {
  const ranges = accept.split(',').map((range) => {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const weight = parameters.find((parameter) => parameter.startsWith('q='))?.slice(2);
    return { type, weight: weight === undefined ? 1 : Number(weight) };
  });
  const weightOf = (pattern: RegExp): number =>
    Math.max(0, ...ranges.filter(({ type }) => pattern.test(type)).map(({ weight }) => weight));
  const html = weightOf(/^(?:text\/html|application\/xhtml\+xml)$/);
  return html > 0 && html >= weightOf(/^application\/(?:[\w.-]+\+)?json$/);
}
