// @ts-check
import { DEADLINE_MS } from '../replica.mjs';

const MARGIN_MS = 5_000;

/** L9, and no answer is a fault of the gateway itself. @param {import('./knowledge.mjs').Knowledge} knowledge */
export function* answersInTime({ world }) {
  for (const { request, fault, at } of world.answers) {
    if (fault) yield `L0 ${request.id}: a fault of the gateway: ${fault}`;
    if (at - request.sentAt > DEADLINE_MS + MARGIN_MS)
      yield `L9 ${request.id}: answered after ${at - request.sentAt} ms`;
  }
  for (const { id, answer, replica, sentAt } of world.requests) {
    const isOverdue = world.clock.now - sentAt > DEADLINE_MS + MARGIN_MS;
    if (answer === undefined && !replica.dead && isOverdue) yield `L9 ${id}: never answered`;
  }
}
