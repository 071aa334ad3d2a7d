import { Body, Controller, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import type { ParsedBody } from '../dialect/dialect.js';
import { sendAnswer } from '../dialect/send-answer.js';
import type { ChangeAnswer } from '../ledger/change-ledger.js';
import { limitHeaders } from '../limits/limit-headers.js';
import { Turns } from '../operations/turns.js';
import { type Attempt, noteFailure } from './attempt.js';
import { PasswordService } from './password.service.js';

/** The one route. */
@Controller('password')
export class PasswordController {
  /**
   * @param passwords carries the change out
   * @param turns when
   */
  constructor(
    private readonly passwords: PasswordService,
    private readonly turns: Turns,
  ) {}

  /**
   * Changes the caller's password. The HTTP server has checked headers, media type and syntax; password.service.ts tells
   * the order of the rest.
   *
   * @throws PasswordChangeError answered in the dialect of the request by the problem filter
   */
  @Post('change')
  async change(
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
    @Body() body: ParsedBody,
  ): Promise<void> {
    const { attempt, dialect } = request;
    let answer: ChangeAnswer;
    try {
      answer = await this.answer(request, body);
      note(attempt, answer);
    } finally {
      await this.turns.end();
    }
    if (answer.replayed) void reply.header('Idempotency-Replayed', 'true');
    if ('error' in answer) throw answer.error;
    void reply.headers(limitHeaders(attempt.limit));
    sendAnswer(reply, dialect.changed(answer.changed, answer.requestId));
  }

  private answer({ attempt, dialect, raw }: FastifyRequest, body: ParsedBody): Promise<ChangeAnswer> {
    const change = dialect.read(raw, body);
    const turn = this.turns.next();
    const running = turn
      ? turn.then(() => this.passwords.change(attempt, change))
      : this.passwords.change(attempt, change);
    attempt.running = running;
    return running;
  }
}

/** At once, lest the draining tell of an answer that waits for the end of the turn as of none. */
function note(attempt: Attempt, answer: ChangeAnswer): void {
  attempt.firstRequestId = answer.requestId;
  if ('error' in answer) {
    noteFailure(attempt, answer.error);
  } else {
    attempt.answered = true;
    attempt.code = attempt.outcome = 'changed';
    attempt.upstreamRequestId = answer.changed.upstreamRequestId;
  }
}
