import { subscribe, unsubscribe } from 'node:diagnostics_channel';

const CHANNEL = 'undici:client:beforeConnect';

/** The hosts to which undici, the gateway's only HTTP client, opened connections while the work ran. */
export async function connectionsDuring(work: () => Promise<unknown>): Promise<string[]> {
  const hosts: string[] = [];
  const note = (message: unknown): void => {
    hosts.push((message as { connectParams: { host: string } }).connectParams.host);
  };
  subscribe(CHANNEL, note);
  try {
    await work();
  } finally {
    unsubscribe(CHANNEL, note);
  }
  return hosts;
}
