import { ConfigError, GatewayConfig } from './config/config.js';
import { createGateway } from './gateway.js';
import { Draining } from './operations/draining.js';
import { Log } from './operations/log.js';

/** Runs the gateway until a signal ends it; the exit code is 0 then, and 1 when it cannot start. */
export async function runGateway(): Promise<void> {
  try {
    const config = GatewayConfig.fromProcess();
    const app = await createGateway(config);
    const log = app.get(Log);
    stopOnSignal(async (signal) => {
      log.stopping(signal);
      const drained = await app.get(Draining).drain(config.shutdownTimeoutMs);
      if (!drained) app.getHttpServer().closeAllConnections();
      await app.close();
      await log.end();
    });
    await app.listen({ host: config.host, port: config.port });
    log.listening(await app.getUrl());
    // The log tells no more of an error than its first frame; to capture ten costs each refusal 5 µs.
    Error.stackTraceLimit = 1;
  } catch (error) {
    const line = startFailure(error);
    if (line === undefined) throw error;
    // What has been opened on the way (Redis, metrics) must not keep a gateway alive that does not serve.
    process.stderr.write(`${line}\n`, () => process.exit(1));
  }
}

/** The first signal stops; a terminal sends Ctrl-C to parent and child alike, so a second one changes nothing. */
function stopOnSignal(stop: (signal: string) => Promise<void>): void {
  let stopping = false;
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      if (stopping) return;
      stopping = true;
      void stop(signal).then(() => process.exit(0));
    });
  }
}

function startFailure(error: unknown): string | undefined {
  if (error instanceof ConfigError) return `The gateway cannot start:\n${error.message}`;
  const { code, address, port, hostname, variable } = error as NodeJS.ErrnoException & ListenFault;
  const where = hostname ?? `${address}:${port}`;
  if (code === 'EADDRINUSE') {
    return `The gateway cannot start: ${where} is in use. Set ${variable ?? 'PORT'} to a free one.`;
  }
  if (code !== undefined && LISTEN_CODES.has(code)) {
    return `The gateway cannot start: it cannot listen on ${where} (${code}). Set ${variable ?? 'HOST'} to another address.`;
  }
  return undefined;
}

interface ListenFault {
  readonly address?: string;
  readonly port?: number;
  /** Of a name that cannot be resolved. */
  readonly hostname?: string;
  /** The variable that named the address, when it is not the gateway's own. */
  readonly variable?: string;
}

const LISTEN_CODES = new Set(['EACCES', 'EADDRNOTAVAIL', 'EAI_AGAIN', 'ENOTFOUND']);
