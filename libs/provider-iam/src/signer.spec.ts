import { createHash, createHmac } from 'node:crypto';

import { describe, expect, it } from '@jest/globals';
import { SignatureV4 } from '@smithy/signature-v4';

import { IAM_PARTITION_NAMES, IAM_PARTITIONS, type IamPartitionName } from './partitions.js';
import { type AwsCredentials, signIamPasswordChange } from './signer.js';

const KEYS: AwsCredentials = {
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'wJalrXUtnFEMI/K7MDENG',
};
const SESSION: AwsCredentials = { ...KEYS, sessionToken: 'FwoGZXIvYXdzE+/=' };
const DATE = new Date('2026-11-20T22:49:07.999Z');
const PASSWORDS = { currentPassword: 'old', newPassword: 'new' };

/** SHA-256 of Node, where the signer has its own. */
class NodeSha256 {
  private parts: Uint8Array[] = [];

  constructor(private readonly secret?: string | ArrayBuffer | ArrayBufferView) {}

  update(data: Uint8Array): void {
    this.parts.push(data);
  }

  digest(): Promise<Uint8Array> {
    const { secret } = this;
    const hash = secret === undefined ? createHash('sha256') : createHmac('sha256', bytesOf(secret));
    for (const part of this.parts) hash.update(part);
    return Promise.resolve(new Uint8Array(hash.digest()));
  }

  reset(): void {
    this.parts = [];
  }
}

function bytesOf(data: string | ArrayBuffer | ArrayBufferView): Uint8Array {
  if (typeof data === 'string') return Buffer.from(data);
  return ArrayBuffer.isView(data)
    ? new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
    : new Uint8Array(data);
}

/** Percent-encodes byte by byte, as RFC 3986 words it. */
function encode(value: string): string {
  return Array.from(Buffer.from(value), (byte) => {
    const character = String.fromCharCode(byte);
    return /[\w.~-]/.test(character) ? character : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }).join('');
}

interface Expected {
  readonly credentials: AwsCredentials;
  readonly currentPassword: string;
  readonly newPassword: string;
  readonly partition?: IamPartitionName;
}

async function independently({ credentials, currentPassword, newPassword, partition = 'aws' }: Expected) {
  const { accessKeyId, secretAccessKey, sessionToken } = credentials;
  const { host, signingRegion } = IAM_PARTITIONS[partition];
  const signer = new SignatureV4({
    service: 'iam',
    region: signingRegion,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken !== undefined && { sessionToken }) },
    sha256: NodeSha256,
    applyChecksum: false,
  });
  const { headers } = await signer.sign(
    {
      method: 'POST',
      protocol: 'https:',
      hostname: host,
      path: '/',
      headers: { host, 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      body: `Action=ChangePassword&Version=2010-05-08&OldPassword=${encode(currentPassword)}&NewPassword=${encode(newPassword)}`,
    },
    { signingDate: DATE },
  );
  return headers['authorization'];
}

describe('signIamPasswordChange', () => {
  it.each([
    ['plain passwords', KEYS, 'old', 'new'],
    ['a session', SESSION, 'old', 'new'],
    ['odd characters', KEYS, ' +&%~*', 'ü\t\'"=/'],
    ['odd characters in a session', SESSION, '!()%00', 'é e\u0301'],
  ])('signs %s as an independent signer does', async (_, credentials, currentPassword, newPassword) => {
    const change = { credentials, currentPassword, newPassword };
    expect(await signIamPasswordChange({ ...change, date: DATE })).toEqual({
      Authorization: await independently(change),
      'X-Amz-Date': '20261120T224907Z',
      ...(credentials.sessionToken !== undefined && { 'X-Amz-Security-Token': credentials.sessionToken }),
    });
  });

  it.each([
    [KEYS, 'content-type;host;x-amz-date'],
    [SESSION, 'content-type;host;x-amz-date;x-amz-security-token'],
  ])('signs these headers and no others: with %j, %s', async (credentials, names) => {
    const { Authorization } = await signIamPasswordChange({ ...PASSWORDS, credentials });
    expect(Authorization).toContain(`, SignedHeaders=${names}, `);
  });

  it.each(IAM_PARTITION_NAMES)('signs host and region of %s', async (partition) => {
    const change = { ...PASSWORDS, credentials: KEYS, partition };
    const { Authorization } = await signIamPasswordChange({ ...change, date: DATE });
    expect(Authorization).toBe(await independently(change));
    expect(Authorization).toContain(`/20261120/${IAM_PARTITIONS[partition].signingRegion}/iam/aws4_request,`);
  });

  it('signs now where no date is given', async () => {
    const before = Date.now();
    const { 'X-Amz-Date': date } = await signIamPasswordChange({ ...PASSWORDS, credentials: KEYS });
    const time = Date.parse(date.replace(/^(....)(..)(..)T(..)(..)(..)Z$/, '$1-$2-$3T$4:$5:$6Z'));
    expect(time).toBeGreaterThan(before - 1000);
    expect(time).toBeLessThanOrEqual(Date.now());
  });

  it('tells no secret key and no password', async () => {
    const secrets = { currentPassword: 'canary-old', newPassword: 'canary-new' };
    const credentials = { ...KEYS, secretAccessKey: 'canary-key' };
    expect(JSON.stringify(await signIamPasswordChange({ ...secrets, credentials }))).not.toContain('canary');
  });

  it.each<[what: string, credentials: object]>([
    ['no access key id', { secretAccessKey: 'secret' }],
    ['an empty secret key', { ...KEYS, secretAccessKey: '' }],
    ['an empty session token', { ...KEYS, sessionToken: '' }],
    ['a session token that is null', { ...KEYS, sessionToken: null }],
  ])('cannot sign with %s', async (_, credentials) => {
    const work = signIamPasswordChange({ ...PASSWORDS, credentials: credentials as AwsCredentials });
    await expect(work).rejects.toThrow(TypeError);
    await expect(work).rejects.toThrow(/^(?:credentials must hold the |The sessionToken is empty)/);
  });

  it('cannot sign half of a surrogate pair', async () => {
    const change = { credentials: KEYS, currentPassword: 'old', newPassword: '\ud83d' };
    await expect(signIamPasswordChange(change)).rejects.toMatchObject({ name: 'URIError' });
  });
});
