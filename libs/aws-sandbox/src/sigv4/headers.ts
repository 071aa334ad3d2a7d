import type { SigV4Request } from './types.js';

/** Every value of a header, in wire order, whatever the case of its name. */
export function headerValues(headers: SigV4Request['headers'], lowerCaseName: string): string[] {
  return headers.filter(([name]) => name.toLowerCase() === lowerCaseName).map(([, value]) => value);
}
