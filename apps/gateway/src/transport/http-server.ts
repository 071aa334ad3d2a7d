import { FastifyAdapter } from '@nestjs/platform-fastify';
import { PasswordChangeError } from '@password-gateway/errors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, RequestListener } from 'node:http';

import type { GatewayConfig } from '../config/config.js';
import { mediaType, type ParsedBody } from '../dialect/dialect.js';
import { type DialectTeller, dialectTeller } from '../dialect/dialects.js';
import { newAttempt } from '../password/attempt.js';
import { sendProblem } from '../problem/problem.filter.js';
import { allowedClients } from './allowed-clients.js';
import { clientAddress } from './client-address.js';
import { answerClientErrors, answerExpectations, refuseTunnels } from './client-error.js';
import { noteRequest } from './connections.js';
import { shareConnections } from './connection-shares.js';
import { parseJsonBody } from './json-body.js';
import { oneAtATime } from './one-at-a-time.js';
import { checkRawHeaders } from './raw-headers.js';
import { PASSWORD_ROUTE, routeTarget } from './route-target.js';

/** Largest body, and largest sum of the headers, in bytes. */
const MAX_BYTES = 16 * 1024;

const HEADERS_TIMEOUT_MS = 5_000;
const REQUEST_TIMEOUT_MS = 10_000;
const CHECK_CONNECTIONS_MS = 500;
/** A connection on which nothing moves is closed; while AWS is waited for nothing does. */
const SILENCE_MS = 5_000;
/** More are not accepted, rather than run out of file descriptors in the middle of a change. */
const MAX_CONNECTIONS = 10_000;
/** So many of them may come from one address, proxies that are trusted excepted: so nobody alone shuts all others out. */
const MAX_CONNECTIONS_OF_ONE = MAX_CONNECTIONS / 4;

const SANE_REQUEST_ID = /^[\w.-]{1,128}$/;
/** Source: W3C Trace Context, 3.2.2; version ff and ids of zeros only are invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-(?!0{32})(?<traceId>[0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const UTF8 = /^[^;]+(?:; *charset="?utf-8"?)?$/i;

/** A form is ASCII; what is not is refused when its parameters are read. */
const PARSERS: Readonly<Record<string, (body: Buffer) => ParsedBody>> = {
  'application/json': parseJsonBody,
  'application/x-amz-json-1.1': parseJsonBody,
  'application/x-www-form-urlencoded': (body) => body.toString('latin1'),
};

const ABSOLUTE_TARGET =
  'As a proxy this gateway takes AWS hosts that it serves, written exactly as http://iam.amazonaws.com/, and only with AWS_COMPATIBLE_ENDPOINT=true.';

/**
 * The HTTP server before Nest: sizes and times, request ids, strict headers, strict JSON. What it refuses never reaches
 * a controller.
 *
 * @param config for public URL, trusted proxies and allowed clients
 */
export function createHttpAdapter(config: GatewayConfig): FastifyAdapter {
  const tellDialect = dialectTeller(config.publicUrl);
  const adapter = new FastifyAdapter({
    // Middleware of Express, of which there is none here.
    skipMiddie: true,
    // No route has a schema for Fastify, and the compilers of schemas take 17 ms of the start.
    schemaController: { compilersFactory: { buildValidator: noSchemas, buildSerializer: noSchemas } },
    bodyLimit: MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    connectionTimeout: REQUEST_TIMEOUT_MS + config.upstreamTimeoutMs + SILENCE_MS,
    // Draining has waited for requests; what is still connected then, idle or dripping, must not hold the exit up.
    forceCloseConnections: true,
    http: {
      // checkRawHeaders asks for it, so that its absence is answered like everything else.
      requireHostHeader: false,
      maxHeaderSize: MAX_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_CONNECTIONS_MS,
    },
    // A list of networks, never a number of hops: a hop count believes whoever connects.
    trustProxy: config.trustedProxies.length > 0 ? [...config.trustedProxies] : false,
    rewriteUrl: routeTarget(config),
    genReqId: requestId,
    requestIdHeader: false,
    logger: false,
    clientErrorHandler: answerClientErrors(tellDialect),
    frameworkErrors: (_error: Error, request: FastifyRequest, reply: FastifyReply) => {
      begin(request, reply, tellDialect);
      const malformed = new PasswordChangeError('request_malformed', {
        detail: 'The request target is malformed.',
      });
      sendProblem(request, reply, malformed);
    },
  });
  const server = adapter.getInstance<FastifyInstance>();
  server.server.maxConnections = MAX_CONNECTIONS;
  shareConnections(server.server, MAX_CONNECTIONS_OF_ONE, config.trustedProxies);
  const [handle] = server.server.listeners('request') as RequestListener[];
  if (handle === undefined) throw new Error('Fastify listens to no request');
  server.server.off('request', handle).on('request', oneAtATime(handle));
  // A caller who has sent all and closed its half still waits for the answer.
  Object.assign(server.server, { httpAllowHalfOpen: true });
  const mayCall = allowedClients(config.allowedClients);
  server.decorateRequest('attempt');
  server.decorateRequest('dialect');
  server.decorateRequest('problem', undefined);
  server.decorateRequest('traceId', undefined);
  server.addHook('onRequest', (request, reply, done) => {
    begin(request, reply, tellDialect);
    done();
  });
  server.addHook('preParsing', (request, reply, payload, done) => {
    // Whoever may not call may still ask for the health, and must not keep a connection for it.
    if (!mayCall(request.attempt.address)) void reply.header('Connection', 'close');
    done(refusal(request, mayCall), payload);
  });
  server.addHook('preValidation', (request, _reply, done) => {
    // Fastify parses no body when neither a body nor its type was sent.
    const missing = request.routeOptions.url === PASSWORD_ROUTE && request.body === undefined;
    done(missing ? new PasswordChangeError('media_type_unsupported') : undefined);
  });
  server.server.on('checkExpectation', answerExpectations(tellDialect));
  server.server.on('connect', refuseTunnels(tellDialect));
  server.removeAllContentTypeParsers();
  for (const [type, parse] of Object.entries(PARSERS)) {
    server.addContentTypeParser(type, { parseAs: 'buffer' }, (request, body, done) => {
      try {
        checkMediaType(request);
        done(null, parse(body as Buffer));
      } catch (error) {
        done(error as Error);
      }
    });
  }
  return adapter;
}

function noSchemas(): never {
  throw new Error('a route has a schema for Fastify');
}

function begin(request: FastifyRequest, reply: FastifyReply, tellDialect: DialectTeller): void {
  request.dialect = tellDialect(request.headers);
  request.attempt = newAttempt(request.id, clientAddress(request.ip));
  const { traceparent } = request.headers;
  if (typeof traceparent === 'string') request.traceId = TRACEPARENT.exec(traceparent)?.groups?.['traceId'];
  noteRequest(request.attempt, reply.raw);
  void reply.header('X-Request-Id', request.id).header('Cache-Control', 'no-store');
}

function requestId(request: IncomingMessage): string {
  const sent = request.headers['x-request-id'];
  return typeof sent === 'string' && SANE_REQUEST_ID.test(sent) ? sent : randomUUID();
}

/** The transport's own checks, before a byte of the body is read. */
function refusal(request: FastifyRequest, mayCall: (address: string) => boolean): Error | undefined {
  const { url } = request.routeOptions;
  try {
    if (url?.startsWith('/health/') !== true && !mayCall(request.attempt.address)) {
      throw new PasswordChangeError('permission_denied', {
        detail: 'Your network may not use this gateway.',
      });
    }
    // Fastify's router takes the absolute form, which clients send to a proxy, for the path in it.
    if (request.raw.url?.startsWith('/') !== true) {
      throw new PasswordChangeError('route_not_found', { detail: ABSOLUTE_TARGET });
    }
    if (url !== PASSWORD_ROUTE) return undefined;
    checkRawHeaders(request.raw.rawHeaders);
    if (request.raw.url.includes('?')) {
      throw new PasswordChangeError('request_malformed', { detail: 'This route takes no query string.' });
    }
    return undefined;
  } catch (error) {
    return error as Error;
  }
}

function checkMediaType({ headers }: FastifyRequest): void {
  if (!UTF8.test(headers['content-type'] ?? '')) {
    throw new PasswordChangeError('media_type_unsupported', {
      detail: `Send the body as ${mediaType(headers)} in UTF-8, with no other parameter than charset.`,
    });
  }
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new PasswordChangeError('media_type_unsupported', {
      detail: 'Send the body without a content encoding.',
    });
  }
}
