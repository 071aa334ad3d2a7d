import type { PasswordChangeError } from '@password-gateway/errors';

declare module 'fastify' {
  interface FastifyRequest {
    /** The failure that was answered, for the log. */
    problem: PasswordChangeError | undefined;
    /** Whether the provider was called, so that a later fault cannot claim an unchanged password. */
    calledUpstream: boolean;
  }
}
