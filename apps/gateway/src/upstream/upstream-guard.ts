import { Injectable } from '@nestjs/common';
import { PasswordChangeError, type UpstreamHandler, type UpstreamRequest } from '@password-gateway/errors';
import {
  bulkhead,
  BulkheadRejectedError,
  type BulkheadPolicy,
  circuitBreaker,
  CircuitState,
  type CircuitBreakerPolicy,
  handleAll,
  isBrokenCircuitError,
  SamplingBreaker,
} from 'cockatiel';

import { UndiciHandler } from './undici-handler.js';

/** The circuit opens when half of at least 20 calls of the last 30 seconds failed in transport. */
const SAMPLE_MS = 30_000;
const MINIMUM_CALLS = 20;
const FAILED_PART = 0.5;

/** How long the circuit stays open before one call tries again. */
const OPEN_MS = 5_000;

/** Calls in flight per endpoint; more are refused at once, so that a slow endpoint cannot take all memory. */
const MAX_IN_FLIGHT = 2_500;

/**
 * Keeps a dead endpoint from costing the others: a circuit breaker and a cap per endpoint. Only transport failures
 * count; whatever AWS answers, the endpoint is alive.
 */
@Injectable()
export class UpstreamGuard implements UpstreamHandler {
  private readonly endpoints = new Map<string, Endpoint>();
  /** Calls whose first attempt failed, by their signal: the attempts to connect that follow are the same call. */
  private readonly counted = new WeakSet<AbortSignal>();

  /** @param handler sends the requests */
  constructor(private readonly handler: UndiciHandler) {}

  /**
   * Sends one request, unless the endpoint is known to be dead or overrun.
   *
   * @throws PasswordChangeError `upstream_unavailable`: nothing was sent
   * @throws Error with `requestSent: boolean`, from the handler
   */
  async handle(
    request: UpstreamRequest,
    options: { readonly abortSignal: AbortSignal },
  ): ReturnType<UndiciHandler['handle']> {
    const { breaker, cap } = this.endpoint(`${request.protocol}//${request.hostname}:${request.port ?? ''}`);
    // cockatiel would let everybody wait for the one call that tries a broken circuit.
    if (breaker.state === CircuitState.HalfOpen && !this.counted.has(options.abortSignal)) throw broken();
    try {
      return await cap.execute(() =>
        this.counted.has(options.abortSignal)
          ? this.handler.handle(request, options)
          : breaker.execute(() => this.handler.handle(request, options)),
      );
    } catch (error) {
      this.counted.add(options.abortSignal);
      if (isBrokenCircuitError(error)) throw broken(error);
      if (error instanceof BulkheadRejectedError) {
        throw unavailable('Too many calls to this AWS endpoint are in flight; nothing was sent.', error);
      }
      throw error;
    }
  }

  /** Endpoints whose circuit is open. */
  get openCircuits(): number {
    return [...this.endpoints.values()].filter(({ breaker }) => breaker.state === CircuitState.Open).length;
  }

  /** Calls in flight, to all endpoints together. */
  get inFlight(): number {
    return [...this.endpoints.values()].reduce((sum, { cap }) => sum + MAX_IN_FLIGHT - cap.executionSlots, 0);
  }

  private endpoint(origin: string): Endpoint {
    let endpoint = this.endpoints.get(origin);
    if (endpoint === undefined) {
      endpoint = {
        breaker: circuitBreaker(handleAll, {
          halfOpenAfter: OPEN_MS,
          // cockatiel opens above its threshold and from its rate on; ours is "half of 20", so just below both.
          breaker: new SamplingBreaker({
            threshold: FAILED_PART - 0.001,
            duration: SAMPLE_MS,
            minimumRps: (MINIMUM_CALLS - 0.5) / (SAMPLE_MS / 1000),
          }),
        }),
        cap: bulkhead(MAX_IN_FLIGHT),
      };
      this.endpoints.set(origin, endpoint);
    }
    return endpoint;
  }
}

interface Endpoint {
  readonly breaker: CircuitBreakerPolicy;
  readonly cap: BulkheadPolicy;
}

function broken(cause?: unknown): PasswordChangeError {
  return unavailable('Calls to this AWS endpoint failed; nothing was sent.', cause);
}

function unavailable(detail: string, cause: unknown): PasswordChangeError {
  return new PasswordChangeError('upstream_unavailable', {
    detail,
    retryAfterSeconds: OPEN_MS / 1000,
    cause,
  });
}
