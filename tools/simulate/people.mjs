// @ts-check
import { amzDate, signatureOf } from './aws.mjs';

const TOKEN_LIFE_MS = 60 * 60 * 1000;
const SIGNED_HEADERS = 'content-type;host;x-amz-date';

/**
 * Signs a change, or does as if.
 *
 * @param {import('./world.mjs').World} world
 * @param {any} user
 * @param {{ current: string, next: string }} passwords
 * @param {boolean} [genuine]
 */
export function sign(world, user, { current, next }, genuine = true) {
  if (user.provider !== 'iam') return undefined;
  const date = amzDate(world.clock.date);
  const body = `Action=ChangePassword&Version=2010-05-08&OldPassword=${current}&NewPassword=${next}`;
  const signer = genuine ? user : { ...user, secret: world.name('no secret') };
  const signature = signatureOf(signer, date, body);
  const scope = `${user.id}/${date.slice(0, 8)}/us-east-1/iam/aws4_request`;
  const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=${SIGNED_HEADERS}, Signature=${signature}`;
  const headers = { Authorization: authorization, 'X-Amz-Date': date };
  return { headers, signature, genuine, at: world.clock.now };
}

/**
 * Signs in, or does as if.
 *
 * @param {import('./world.mjs').World} world
 * @param {any} user
 * @param {{ lifeMs?: number, genuine?: boolean }} [how]
 */
export function token(world, user, { lifeMs = TOKEN_LIFE_MS, genuine = true } = {}) {
  if (user.provider !== 'cognito') return undefined;
  return `${user.id}.${world.clock.date + lifeMs}.${genuine ? 'genuine' : 'forged'}`;
}
