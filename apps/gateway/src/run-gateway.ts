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
    });
    await app.listen({ host: config.host, port: config.port });
    log.listening(await app.getUrl());
  } catch (error) {
    const line = startFailure(error);
    if (line === undefined) throw error;
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
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
  const { code, address, port } = error as NodeJS.ErrnoException & { address?: string; port?: number };
  if (code === 'EADDRINUSE')
    return `The gateway cannot start: ${address}:${port} is in use. Set PORT to a free one.`;
  if (code === 'EACCES' || code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `The gateway cannot start: it may not listen on ${address}:${port} (${code}). Set HOST and PORT.`;
  }
  return undefined;
}
