import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Paths of the PEM files of an authority of its own, and of a server and a client that it vouches for. */
export class Certificates {
  private readonly folder = mkdtempSync(join(tmpdir(), 'certificates-'));
  readonly ca = this.path('ca.pem');
  readonly server = { cert: this.path('server.pem'), key: this.path('server.key') };
  readonly client = { cert: this.path('client.pem'), key: this.path('client.key') };

  /** @param serverName the one name of the server's certificate */
  constructor(serverName: string) {
    const key = this.path('ca.key');
    const subject = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj'];
    openssl('req', '-x509', '-days', '2', ...subject, '/CN=Test CA', '-keyout', key, '-out', this.ca);
    for (const [name, pair] of [
      [serverName, this.server],
      ['gateway', this.client],
    ] as const) {
      const request = this.path('request.pem');
      const names = this.write('names', `subjectAltName=DNS:${name}`);
      openssl('req', ...subject, `/CN=${name}`, '-keyout', pair.key, '-out', request);
      const signing = [
        '-req',
        '-days',
        '2',
        '-in',
        request,
        '-CA',
        this.ca,
        '-CAkey',
        key,
        '-CAcreateserial',
      ];
      openssl('x509', ...signing, '-extfile', names, '-out', pair.cert);
    }
  }

  /** Writes a file beside them. */
  write(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  /** Removes the files. */
  end(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private path(name: string): string {
    return join(this.folder, name);
  }
}

function openssl(...options: string[]): void {
  execFileSync('openssl', options, { stdio: 'ignore' });
}
