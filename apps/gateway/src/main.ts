import { isTooOld } from './operations/node-version.js';

if (isTooOld(process.versions.node)) {
  process.stderr.write(`Password Gateway needs Node 22.12 or newer; this is ${process.versions.node}.\n`);
  process.exitCode = 1;
} else {
  // Imported late, because an older Node could not even load it.
  const { runGateway } = await import('./run-gateway.js');
  await runGateway();
}
