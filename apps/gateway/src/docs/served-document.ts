import { readFileSync } from 'node:fs';

/** Where the gateway is in the request samples. */
const SAMPLES_ADDRESS = 'http://127.0.0.1:3000';

/**
 * The OpenAPI document as the build made it, for the place where callers see the gateway.
 *
 * @param publicUrl that place; empty leaves the server relative and the samples at the default address
 */
export function servedDocument(publicUrl: string): object {
  const text = readFileSync(new URL('../../public/openapi.json', import.meta.url), 'utf8');
  if (publicUrl === '') return JSON.parse(text) as object;
  return {
    ...(JSON.parse(text.replaceAll(SAMPLES_ADDRESS, () => publicUrl)) as object),
    servers: [{ url: publicUrl }],
  };
}
