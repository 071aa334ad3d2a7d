// @ts-check
/**
 * Asks a replica, and reads its answer as a client sees it.
 *
 * @param {any} code the gateway's modules
 * @param {any} request
 * @param {any} attempt the gateway's own record of it
 */
export async function answerOf(code, request, attempt) {
  const { replica } = request;
  const leave = replica.draining.enter(() => {
    attempt.cutOff = true;
  });
  try {
    return read(await replica.service.change(attempt, asked(request)));
  } catch (thrown) {
    const answer = read({
      requestId: request.id,
      replayed: false,
      error: problem(code, thrown, request, attempt),
    });
    return { ...answer, limit: /** @type {any} */ (thrown).limitState?.name };
  } finally {
    leave();
  }
}

/** @param {any} request */
function asked({ user, token, signed, current, next, key, invocation }) {
  const value = key ?? invocation;
  return {
    credential:
      user.provider === 'iam'
        ? { provider: 'iam', signedRequest: signed.headers }
        : { provider: 'cognito', accessToken: token },
    fields: () => ({ currentPassword: current, newPassword: next }),
    idempotencyKey: () => value && { value, promised: key !== undefined },
  };
}

/** As the gateway's problem filter answers what was thrown. @param {any} code @param {any} thrown @param {any} request @param {any} attempt */
function problem(code, thrown, { key }, attempt) {
  const isOurs = thrown instanceof code.PasswordChangeError;
  const outcome = attempt.calledUpstream ? 'unknown' : 'unchanged';
  const error = isOurs ? thrown : new code.PasswordChangeError('internal_error', { outcome, cause: thrown });
  if (key === undefined || attempt.ledgerAsked || error.outcome === 'unknown') return error;
  return code.inDoubt(error, 'This request was refused before its Idempotency-Key was looked up.');
}

/** @param {any} result */
function read({ requestId, replayed, changed, error }) {
  if (changed) {
    const body = JSON.stringify({ requestId, changed });
    return { code: 'changed', outcome: 'changed', requestId, replayed, body };
  }
  const { code, message, outcome, next, confidence, errors, provider, upstream, retryAfterSeconds } = error;
  return {
    ...{ code, outcome, requestId, replayed, retryAfterSeconds },
    detail: message,
    body: JSON.stringify({ requestId, code, message, outcome, next, confidence, errors, provider, upstream }),
    fault: code === 'internal_error' ? (error.cause?.stack ?? String(error.cause)) : undefined,
  };
}
