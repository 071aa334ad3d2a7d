/** One request sample of the document. */
export interface CodeSample {
  readonly lang: string;
  /** Whose password it changes. */
  readonly label: string;
  readonly source: string;
}

/** The parts of the gateway's OpenAPI document that the page itself reads. */
export interface OpenApiDocument {
  readonly info: { readonly version: string; readonly description: string };
  readonly paths: {
    readonly '/password/change': { readonly post: { readonly 'x-codeSamples': readonly CodeSample[] } };
  };
}

/** Path and method of the one operation. */
export const OPERATION = ['/password/change', 'post'] as const;
