import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { randomBytes, randomUUID } from 'node:crypto';
import { env } from 'node:process';

import { type Person, signer, stranger } from './support/people.js';
import { type Reply, sendChange } from './support/send-change.js';
import { change, GOOD, type RunningGateway, startGateway, World, WRONG } from './support/world.js';

/** So many junk signatures; by hand more: `FLOOD=51000`. */
const FLOOD = Number(env['FLOOD'] ?? 500);

/** Somebody who signs with a secret key of their own making. */
function nobody(): Person['authorise'] {
  const accessKeyId = `AKIA${randomBytes(8).toString('hex').toUpperCase()}`;
  return signer({ accessKeyId, secretAccessKey: 'nobody knows it' });
}

describe('a flood', () => {
  let world: World;
  let gateway: RunningGateway;

  beforeAll(async () => {
    world = await World.start();
  });

  afterEach(() => gateway.close());

  afterAll(() => world.end());

  it('of 2,500 well-formed requests with junk signatures from one address leaves others their places', async () => {
    gateway = await startGateway(world.settings({ UPSTREAM_TIMEOUT_MS: '10000' }));
    world.sandbox.faults.next({ service: 'iam', fault: { kind: 'delay', ms: 4_000 }, times: 10_000 });
    const signed = [];
    for (let junk = 0; junk < 2_500; junk++) signed.push(await nobody()(GOOD));
    const flood = signed.map((headers) =>
      sendChange(gateway.url, GOOD, { headers, from: '127.0.0.50' }).catch(() => undefined),
    );
    while (world.sandbox.callCount < 200) await new Promise((resolve) => setTimeout(resolve, 10));

    const honest = [world.cognitoUser(), world.iamUser()];
    const replies = await Promise.all(
      honest.map((person) => change(gateway, person, GOOD, { from: '127.0.0.51' })),
    );
    expect(replies.map(({ status }) => status)).toEqual([200, 200]);
    const codes = new Set((await Promise.all(flood)).map((reply) => reply?.json['code']));
    expect(codes).toContain('upstream_unavailable');
  }, 60_000);

  it(
    `of ${FLOOD} junk signatures from as many addresses, while AWS answers 503, costs a proven caller nothing`,
    async () => {
      gateway = await startGateway(world.settings({ TRUST_PROXY: '127.0.0.0/8' }));
      const [owner, lost] = [world.iamUser(), world.cognitoUser()];
      const headers = { ...(await owner.authorise(GOOD)), 'idempotency-key': randomUUID() };
      const ask = (): Promise<Reply> => sendChange(gateway.url, GOOD, { headers });
      const first = await ask();
      expect(first).toMatchObject({ status: 200 });
      world.sandbox.faults.next({ service: 'cognito-idp', fault: { kind: 'commit-then-reset' } });
      expect(await change(gateway, lost, GOOD)).toMatchObject({ json: { outcome: 'unknown' } });

      world.sandbox.faults.next({ service: 'iam', fault: { kind: 'status', status: 503 }, times: FLOOD });
      let sent = 0;
      const some = async (): Promise<void> => {
        while (sent < FLOOD) {
          const junk = sent++;
          const passwords = { ...GOOD, newPassword: `Battery-Staple-${junk}` };
          const junkHeaders = await (junk % 2 === 0 ? stranger(owner) : nobody())(passwords);
          const address = `10.${junk >> 16}.${(junk >> 8) & 255}.${junk & 255}`;
          const from = `127.0.1.${1 + (junk % 100)}`;
          await sendChange(gateway.url, passwords, {
            headers: { ...junkHeaders, 'x-forwarded-for': address },
            from,
          });
        }
      };
      await Promise.all(Array.from({ length: 32 }, some));

      world.sandbox.faults.clear();
      expect(await ask()).toMatchObject({ status: 200, text: first.text });
      // The unknown outcome is not forgotten, either.
      expect(await change(gateway, lost, GOOD)).toMatchObject({ json: { code: 'outcome_unresolved' } });
      expect(await change(gateway, world.cognitoUser(), WRONG)).toMatchObject({
        json: { code: 'current_password_incorrect' },
      });
      const again = await owner.authorise({
        currentPassword: GOOD.newPassword,
        newPassword: 'Another-One-3',
      });
      expect(
        await sendChange(
          gateway.url,
          { currentPassword: GOOD.newPassword, newPassword: 'Another-One-3' },
          { headers: again },
        ),
      ).toMatchObject({ status: 200 });
    },
    100_000 + FLOOD * 40,
  );
});
