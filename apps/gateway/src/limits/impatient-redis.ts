import { Redis } from 'ioredis';

/** A healthy Redis answers within a millisecond or two; nobody waits longer than this for a sick one. */
const COMMAND_TIMEOUT_MS = 250;
const RECONNECT_EVERY_MS = 500;

/**
 * A client of Redis that drops a connection whose server hangs, so that only one round of commands waits for it: the next
 * fail at once, until the connection stands again. Nothing is queued.
 */
export class ImpatientRedis extends Redis {
  /** @param url of the server */
  constructor(url: string) {
    super(url, {
      enableOfflineQueue: false,
      maxRetriesPerRequest: 0,
      autoResendUnfulfilledCommands: false,
      commandTimeout: COMMAND_TIMEOUT_MS,
      connectTimeout: 1_000,
      retryStrategy: () => RECONNECT_EVERY_MS,
    });
  }

  /** @inheritdoc */
  override sendCommand(...[command, stream]: Parameters<Redis['sendCommand']>): unknown {
    void command.promise.catch((error: unknown) => {
      if (error instanceof Error && error.message === 'Command timed out') this.disconnect(true);
    });
    return super.sendCommand(command, stream);
  }
}
