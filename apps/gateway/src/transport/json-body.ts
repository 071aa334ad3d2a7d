import { PasswordChangeError } from '@password-gateway/errors';

/** Deeper than any body that is documented here. */
const MAX_DEPTH = 8;

/** Made once: a decoder for each body costs 1 µs, and garbage. */
const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** Names that reach an object's prototype when somebody copies fields carelessly. */
const POISON = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Parses a JSON body so that every reader would read the same: UTF-8 without byte order mark, no duplicate keys, no
 * half surrogate pairs, no prototype keys, bounded depth.
 *
 * Sources: RFC 8259; RFC 7493 (I-JSON).
 *
 * @param bytes the whole body
 * @returns the parsed object
 * @throws PasswordChangeError `request_malformed`
 */
export function parseJsonBody(bytes: Buffer): Record<string, unknown> {
  const text = decode(bytes);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed('The body is not JSON.');
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw malformed('The body must be a JSON object.');
  }
  checkTokens(text);
  return value as Record<string, unknown>;
}

function decode(bytes: Buffer): string {
  if (bytes.length === 0) throw malformed('The body is empty.');
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) {
    throw malformed('The body begins with a byte order mark.');
  }
  try {
    return UTF8.decode(bytes);
  } catch {
    throw malformed('The body is not UTF-8.');
  }
}

/** A string, or a sign that opens, closes or separates. Finds every token of a text that is known to be JSON. */
const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/** Walks the tokens without recursion; the text is known to be JSON. */
function checkTokens(text: string): void {
  // One entry per open bracket: the keys of an object, or null for an array.
  const open: (Set<string> | null)[] = [];
  let keyMayFollow = false;
  for (const token of text.match(TOKEN) ?? []) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',') {
      // Without an escape it stands for itself, and UTF-8 has no half surrogate pairs.
      const value = token.includes('\\') ? (JSON.parse(token) as string) : token.slice(1, -1);
      if (!value.isWellFormed()) throw malformed('A string of the body holds half of a surrogate pair.');
      const keys = open.at(-1);
      if (keyMayFollow && keys) checkKey(value, keys);
    }
    if (open.length > MAX_DEPTH) throw malformed(`The body is nested more than ${MAX_DEPTH} levels deep.`);
    keyMayFollow = token === '{' || token === ',';
  }
}

function checkKey(key: string, keys: Set<string>): void {
  if (POISON.has(key)) throw malformed('The body holds a key that reaches an object prototype.');
  if (keys.has(key)) throw malformed('An object of the body holds a key twice.');
  keys.add(key);
}

function malformed(detail: string): PasswordChangeError {
  return new PasswordChangeError('request_malformed', { detail });
}
