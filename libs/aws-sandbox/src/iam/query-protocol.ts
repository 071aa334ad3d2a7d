import type { AwsError } from '../aws-error.js';
import type { Answer, SandboxRequest } from '../service.js';
import { iamError } from './errors.js';

/** Parameters of a Query request. */
export type QueryParameters = ReadonlyMap<string, string>;

/** How a service of the Query protocol presents itself. */
export interface QueryDialect {
  readonly version: string;
  readonly namespace: string;
}

/**
 * Parses the body as a form and lets the query string override it, as AWS does.
 *
 * @throws AwsError `MalformedInput` for a repeated name, a broken percent escape or bytes that are not UTF-8
 */
export function parseParameters(request: SandboxRequest): QueryParameters {
  const mark = request.target.indexOf('?');
  const query = mark < 0 ? '' : request.target.slice(mark + 1);
  return new Map([...parseForm(request.body.toString('latin1')), ...parseForm(query)]);
}

function parseForm(form: string): Map<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of form.split('&')) {
    if (pair === '') continue;
    const equals = pair.indexOf('=');
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (parameters.has(name)) throw iamError('MalformedInput', 'A parameter is given more than once.');
    parameters.set(name, equals < 0 ? '' : decode(pair.slice(equals + 1)));
  }
  return parameters;
}

function decode(text: string): string {
  try {
    // A byte outside ASCII that was sent raw stands here as one Latin-1 character: escape it to read it as UTF-8.
    const escaped = text
      .replaceAll('+', ' ')
      .replace(/[\x80-\xff]/gu, (byte) => `%${byte.charCodeAt(0).toString(16)}`);
    return decodeURIComponent(escaped);
  } catch {
    throw iamError('MalformedInput');
  }
}

/** A successful answer; `result` is the XML inside `<…Result>`, absent for operations without output. */
export function xmlAnswer(requestId: string, dialect: QueryDialect, action: string, result?: string): Answer {
  const output = result === undefined ? '' : `  <${action}Result>\n${result}  </${action}Result>\n`;
  const metadata = `  <ResponseMetadata>\n    <RequestId>${requestId}</RequestId>\n  </ResponseMetadata>\n`;
  return xml(
    200,
    requestId,
    `<${action}Response xmlns="${dialect.namespace}">\n${output}${metadata}</${action}Response>\n`,
  );
}

/** A refusal. */
export function xmlErrorAnswer(requestId: string, dialect: QueryDialect, error: AwsError): Answer {
  const type = error.status >= 500 ? 'Receiver' : 'Sender';
  return xml(
    error.status,
    requestId,
    `<ErrorResponse xmlns="${dialect.namespace}">\n  <Error>\n    <Type>${type}</Type>\n` +
      `    <Code>${escapeXml(error.code)}</Code>\n    <Message>${escapeXml(error.message)}</Message>\n` +
      `  </Error>\n  <RequestId>${requestId}</RequestId>\n</ErrorResponse>\n`,
  );
}

/** One XML element with escaped text. */
export function element(name: string, value: string | number | boolean): string {
  return `    <${name}>${escapeXml(String(value))}</${name}>\n`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Escapes text for XML 1.0; characters that XML cannot hold become U+FFFD. */
export function escapeXml(text: string): string {
  return text
    .replace(/[&<>"']/gu, (character) => ENTITIES[character] ?? '')
    .replace(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '\ufffd');
}

function xml(status: number, requestId: string, body: string): Answer {
  return { status, headers: { 'content-type': 'text/xml', 'x-amzn-requestid': requestId }, body };
}
