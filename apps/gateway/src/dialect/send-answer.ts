import type { FastifyReply } from 'fastify';

import type { DialectAnswer } from './dialect.js';

/**
 * Sends an answer as its dialect wrote it. Through a serializer, because Fastify adds a charset to the content type of a
 * text without one.
 *
 * @param reply headers that every answer has are on it already
 */
export function sendAnswer(reply: FastifyReply, { status, headers, body }: DialectAnswer): void {
  void reply.code(status).headers(headers).serializer(asWritten).send(body);
}

function asWritten(body: unknown): string {
  return body as string;
}
