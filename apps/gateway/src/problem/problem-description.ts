import { NEXT_STEPS, PROBLEM_CODES, type ProblemCode, problemDefinition } from '@password-gateway/errors';

import { exampleProblem } from './example-problem.js';

/**
 * Everything that there is to say about a problem code, made from its row of the taxonomy. It is the JSON answer of
 * `GET /problems/<code>`, and what its HTML is made of.
 *
 * @param code what went wrong
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function describeProblem(code: ProblemCode, publicUrl: string) {
  const { title, status, detail, when, outcome, retryable, next, upstream = {} } = problemDefinition(code);
  return {
    type: `${publicUrl}/problems/${code}`,
    code,
    title,
    status,
    meaning: `${detail} ${when}`,
    outcome,
    retryable,
    next,
    nextStep: NEXT_STEPS[next],
    /** AWS's error names that mean it; empty where the gateway itself decides. */
    upstream,
    example: exampleProblem(code, publicUrl),
  };
}

/** The shape of {@link describeProblem}. */
export type ProblemDescription = ReturnType<typeof describeProblem>;

/**
 * The table of contents of the problem pages.
 *
 * @param publicUrl where callers see the gateway; empty makes links relative
 */
export function listProblems(publicUrl: string) {
  return PROBLEM_CODES.map((code) => {
    const { title, status, outcome } = problemDefinition(code);
    return { type: `${publicUrl}/problems/${code}`, code, title, status, outcome };
  });
}

/** One line of {@link listProblems}. */
export type ProblemListing = ReturnType<typeof listProblems>[number];
