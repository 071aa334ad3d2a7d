import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { PasswordChangeError, PROBLEM_CODES, type ProblemCode } from '@password-gateway/errors';
import type { FastifyReply } from 'fastify';

import { GatewayConfig } from '../config/config.js';
import { prefersHtml } from './prefers-html.js';
import { describeProblem, listProblems } from './problem-description.js';
import { problemListPage, problemPage } from './problem-page.js';
import { PROBLEM_PAGE_CSS } from './problem-page.css.js';

/** No scripts, no requests but the style sheet, no frames. */
const PAGE_HEADERS = {
  'Content-Security-Policy':
    "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
  Vary: 'Accept',
};

/**
 * What each problem's `type` leads to (RFC 9457, 3.1.1): HTML for browsers, JSON for everybody else. Served also where
 * the documentation is off, because problems are.
 */
@Controller('problems')
export class ProblemsController {
  /** @param config for the public URL */
  constructor(private readonly config: GatewayConfig) {}

  /** All problems. */
  @Get()
  list(@Headers('accept') accept: string | undefined, @Res() reply: FastifyReply): void {
    const problems = listProblems(this.config.publicUrl);
    send(reply, accept, { problems }, () => problemListPage(problems));
  }

  /** The style sheet of the pages. */
  @Get('page.css')
  css(@Res() reply: FastifyReply): void {
    void reply.headers(PAGE_HEADERS).type('text/css; charset=utf-8').send(PROBLEM_PAGE_CSS);
  }

  /**
   * One problem.
   *
   * @throws PasswordChangeError `route_not_found` for a code that is not in the taxonomy
   */
  @Get(':code')
  show(
    @Param('code') code: string,
    @Headers('accept') accept: string | undefined,
    @Res() reply: FastifyReply,
  ): void {
    if (!isProblemCode(code)) {
      throw new PasswordChangeError('route_not_found', {
        detail: 'There is no problem code of this name; GET /problems lists all of them.',
      });
    }
    const problem = describeProblem(code, this.config.publicUrl);
    send(reply, accept, problem, () => problemPage(problem));
  }
}

function send(reply: FastifyReply, accept: string | undefined, body: object, html: () => string): void {
  void reply.headers(PAGE_HEADERS);
  if (prefersHtml(accept)) void reply.type('text/html; charset=utf-8').send(html());
  else void reply.type('application/json; charset=utf-8').send(body);
}

function isProblemCode(code: string): code is ProblemCode {
  return (PROBLEM_CODES as readonly string[]).includes(code);
}
