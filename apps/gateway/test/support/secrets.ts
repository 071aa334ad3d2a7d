import { setTimeout as sleep } from 'node:timers/promises';

/** Shorter pieces of a secret than this turn up by chance. */
const MIN_LENGTH = 8;

/**
 * Every form in which a secret could turn up: as it is, escaped for JSON, encoded for a URL or a form, in hexadecimal,
 * and in base64 wherever it stands in what was encoded.
 */
export function formsOf(secret: string): ReadonlySet<string> {
  const bytes = Buffer.from(secret, 'utf8');
  const forms = [
    secret,
    JSON.stringify(secret).slice(1, -1),
    JSON.stringify(JSON.stringify(secret).slice(1, -1)).slice(1, -1),
    escapedBeyondAscii(secret),
    encodeURIComponent(secret),
    new URLSearchParams({ secret }).toString().slice('secret='.length),
    bytes.toString('hex'),
    bytes.toString('latin1'),
    ...[0, 1, 2].flatMap((offset) => {
      // The ends depend on what stands beside; the middle does not.
      const padded = Buffer.concat([Buffer.alloc(offset), bytes, Buffer.alloc(3)]);
      return (['base64', 'base64url'] as const).map((encoding) => {
        const encoded = padded.toString(encoding);
        return encoded.slice(4, Math.floor(((offset + bytes.length) * 4) / 3) - 1);
      });
    }),
  ];
  return new Set(forms.filter((form) => form.length >= MIN_LENGTH));
}

function escapedBeyondAscii(text: string): string {
  return text.replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** Secrets that were used, each with a name for the failure message, and where they were found. */
export class Secrets {
  private readonly known = new Map<string, string>();

  /** Remembers a secret. */
  add(name: string, secret: string): void {
    for (const form of formsOf(secret)) this.known.set(form, name);
  }

  /** Remembers all parts of a credential: the tokens, their claims and signature, and those of a signed request. */
  addCredential(headers: Readonly<Record<string, string>>): void {
    for (const [name, value] of Object.entries(headers)) {
      if (/^x-amz-(?:date|content)/i.test(name)) continue;
      const signature = /Signature=(\S+)/.exec(value)?.[1];
      if (signature !== undefined) this.add('signature', signature);
      const token = /^Bearer (\S+)$/.exec(value)?.[1] ?? (/^x-amz-security/i.test(name) ? value : undefined);
      if (token === undefined) continue;
      this.add('token', token);
      for (const part of token.split('.').slice(1)) this.add('part of a token', part);
    }
  }

  get count(): number {
    return this.known.size;
  }

  /** Names of the secrets that a text holds, in whatever form. */
  in(text: string): string[] {
    return [...this.known].filter(([form]) => text.includes(form)).map(([form, name]) => `${name}: ${form}`);
  }
}

/** Waits until a text that grows has stopped to grow. */
export async function settled(text: () => string): Promise<string> {
  for (let before = -1; before !== text().length;) {
    before = text().length;
    await sleep(200);
  }
  return text();
}
