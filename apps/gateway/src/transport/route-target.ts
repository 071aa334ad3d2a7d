import { iamHosts } from '@password-gateway/provider-iam';
import type { IncomingMessage } from 'node:http';

import type { GatewayConfig } from '../config/config.js';
import { mediaType } from '../dialect/dialect.js';

/** The one route. */
export const PASSWORD_ROUTE = '/password/change';

/** Origin form, or the absolute form of plain HTTP. Source: RFC 9112, 3.2. */
const TARGET = /^(?:http:\/\/(?<authority>[^/?#]+))?(?<path>\/[^?]*)?(?<query>\?.*)?$/;

const FORM = 'application/x-www-form-urlencoded';

/**
 * Leads the other spellings of the one route to it: a trailing slash, which the AWS SDK for JavaScript adds; and, only
 * with `AWS_COMPATIBLE_ENDPOINT`, `POST /` and absolute-form targets (a client's HTTP proxy setting) in AWS's own dialects.
 * An absolute target must name an AWS host that is served here, and `Host` must name the same.
 *
 * @param config for the switch, partitions and regions
 * @returns the target that the router sees
 */
export function routeTarget(config: GatewayConfig): (request: IncomingMessage) => string {
  const servedIam = new Set(config.iam.partitions.flatMap((name) => [...iamHosts(name)]));
  const servedCognito = new Set(config.cognito.regions.flatMap(cognitoHostsOf));
  return ({ url = '/', method, headers }) => {
    // What has neither form, such as another scheme, keeps its path and is led nowhere.
    const { authority, path = '/', query = '' } = TARGET.exec(url)?.groups ?? { path: url };
    if (authority === undefined && path === `${PASSWORD_ROUTE}/`) return PASSWORD_ROUTE + query;
    if (!config.awsCompatibleEndpoint || method !== 'POST' || path !== '/') return url;
    const form = mediaType(headers) === FORM;
    if (!form && (headers['x-amz-target'] ?? '') === '') return url;
    if (authority === undefined) return PASSWORD_ROUTE + query;
    const served = form ? servedIam : servedCognito;
    return served.has(authority) && headers.host === authority ? PASSWORD_ROUTE + query : url;
  };
}

/**
 * A region's hosts: plain, FIPS and dual stack. Source: the endpoint rules of @aws-sdk/client-cognito-identity-provider.
 */
function cognitoHostsOf(region: string): readonly string[] {
  return ['cognito-idp', 'cognito-idp-fips'].flatMap((service) => [
    `${service}.${region}.amazonaws.com`,
    `${service}.${region}.api.aws`,
  ]);
}
