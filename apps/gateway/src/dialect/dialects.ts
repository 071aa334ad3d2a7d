import type { IncomingHttpHeaders } from 'node:http';

import { COGNITO_DIALECT } from './cognito.dialect.js';
import { type Dialect, mediaType } from './dialect.js';
import { IAM_QUERY_DIALECT } from './iam-query.dialect.js';
import { jsonDialect } from './json.dialect.js';

/** Tells the dialect of a request by its headers. */
export type DialectTeller = (headers: IncomingHttpHeaders) => Dialect;

/**
 * Tells the dialect of a request by content type and target. An empty `X-Amz-Target`, as some API documentation sends
 * it, leaves `application/json` the documented dialect.
 *
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function dialectTeller(publicUrl: string): DialectTeller {
  const json = jsonDialect(publicUrl);
  return (headers) => {
    const type = mediaType(headers);
    const target = headers['x-amz-target'];
    if (type === 'application/x-www-form-urlencoded') return IAM_QUERY_DIALECT;
    if (type === 'application/x-amz-json-1.1') return COGNITO_DIALECT;
    return type === 'application/json' && target !== undefined && target !== '' ? COGNITO_DIALECT : json;
  };
}
