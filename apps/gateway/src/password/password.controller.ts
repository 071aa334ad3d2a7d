import { Body, Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';

import { ApiChangePassword } from '../docs/change-password.docs.js';
import { limitHeaders } from '../limits/limit-headers.js';
import type { PasswordChangedDto } from './password-changed.dto.js';
import { PasswordService } from './password.service.js';

/** The one route. */
@Controller('password')
export class PasswordController {
  /** @param passwords carries the change out */
  constructor(private readonly passwords: PasswordService) {}

  /**
   * Changes the caller's password. The HTTP server has checked headers, media type and JSON; password.service.ts tells
   * the order of the rest.
   *
   * @throws PasswordChangeError answered as problem details by the problem filter
   */
  @Post('change')
  @HttpCode(200)
  @ApiChangePassword()
  async change(
    @Req() { attempt, headers }: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @Body() body: Readonly<Record<string, unknown>>,
  ): Promise<PasswordChangedDto> {
    const running = this.passwords.change(attempt, { headers, body });
    attempt.running = running;
    const answer = await running;
    if (answer.replayed) void reply.header('Idempotency-Replayed', 'true');
    if ('error' in answer) {
      attempt.firstRequestId = answer.requestId;
      throw answer.error;
    }
    const { provider, upstreamRequestId } = answer.changed;
    attempt.code = attempt.outcome = 'changed';
    attempt.answered = true;
    attempt.upstreamRequestId = upstreamRequestId;
    void reply.headers(limitHeaders(attempt.limit));
    return {
      status: 'changed',
      provider,
      requestId: answer.requestId,
      ...(upstreamRequestId !== undefined && { upstreamRequestId }),
    };
  }
}
