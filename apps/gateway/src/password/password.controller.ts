import { Body, Controller, HttpCode, Post, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';

import { ApiChangePassword } from '../docs/change-password.docs.js';
import { readCredential } from './credential.js';
import type { PasswordChangedDto } from './password-changed.dto.js';
import { PasswordService } from './password.service.js';

/** The one route. */
@Controller('password')
export class PasswordController {
  /** @param passwords carries the change out */
  constructor(private readonly passwords: PasswordService) {}

  /**
   * Changes the caller's password. Headers, media type and JSON were checked by the HTTP server; what remains comes in
   * this order: form of the credential, its proof, the fields, the provider.
   *
   * @throws PasswordChangeError answered as problem details by the problem filter
   */
  @Post('change')
  @HttpCode(200)
  @ApiChangePassword()
  async change(
    @Req() request: FastifyRequest,
    @Body() body: Readonly<Record<string, unknown>>,
  ): Promise<PasswordChangedDto> {
    const credential = await this.passwords.prove(readCredential(request.headers));
    const { provider, upstreamRequestId } = await this.passwords.change(credential, body, () => {
      request.calledUpstream = true;
    });
    return {
      status: 'changed',
      provider,
      requestId: request.id,
      ...(upstreamRequestId !== undefined && { upstreamRequestId }),
    };
  }
}
