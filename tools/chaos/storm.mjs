import { setTimeout as sleep } from 'node:timers/promises';

const EVENTS_EVERY_CHANGES = 250;
const FEWEST_EVENTS = 10;

/** What is done to the house, dealt out like cards so that a short run gets its share of each. */
const CARDS = [
  'replica',
  'replica',
  'redis',
  'replica',
  'refuse',
  'replica',
  'redis',
  'replica',
  'both',
  'redis',
];

/**
 * Kills replicas and Redis, starts them again, and lets AWS refuse connections, at random moments of a run.
 *
 * @param run the house, and how many changes have ended
 */
export async function storm(run) {
  const { random, wanted } = run;
  const events = Math.max(FEWEST_EVENTS, Math.round(wanted / EVENTS_EVERY_CHANGES));
  const deck = Array.from({ length: Math.ceil(events / CARDS.length) }, () => random.shuffled(CARDS)).flat();
  const under_way = [];
  for (let event = 0; event < events; event += 1) {
    const due = ((event + 0.2 + 0.6 * random.next()) / events) * wanted;
    while (run.ended < due && !run.over) await sleep(10);
    if (run.over) break;
    under_way.push(play(run, deck[event]));
  }
  await Promise.all(under_way);
}

async function play(run, card) {
  const { random, replicas } = run;
  if (card === 'refuse') await refuse(run);
  else if (card === 'redis') await killRedis(run);
  else if (card === 'both') await Promise.all(replicas.map((replica) => killReplica(run, replica)));
  else await killReplica(run, random.pick(replicas));
}

async function killReplica({ random, balancer, verdict }, replica) {
  // One that is down already, or still starting, is left alone.
  if (!replica.alive || replica.busy) return;
  replica.busy = true;
  balancer.hit('replica', replica);
  verdict.note(`${replica.name} is killed`);
  await replica.kill();
  await sleep(random.between(20, 1_000));
  await replica.start().catch((error) => verdict.fail('storm', `${replica.name}: ${error.message}`));
  verdict.note(`${replica.name} is back`);
  replica.busy = false;
}

async function killRedis({ random, redis, balancer, verdict }) {
  if (!redis.alive || redis.busy) return;
  redis.busy = true;
  balancer.hit('redis');
  verdict.note('Redis is killed');
  await redis.kill();
  await sleep(random.between(20, 1_500));
  await redis.start().catch((error) => verdict.fail('storm', error.message));
  verdict.note('Redis is back');
  redis.busy = false;
}

async function refuse(run) {
  if (run.refusing) return;
  run.refusing = true;
  run.refusals += 1;
  run.balancer.hit('refused');
  run.verdict.note('AWS refuses connections');
  run.tap.refuse();
  await sleep(run.random.between(50, 400));
  await run.tap.accept();
  run.refusing = false;
}

/** Waits until both replicas are there and see Redis. */
export async function calm({ replicas, verdict }) {
  const deadline = Date.now() + 20_000;
  for (const replica of replicas) {
    while ((await replica.state()) !== 'ready') {
      if (Date.now() > deadline) {
        verdict.fail('storm', `${replica.name} is ${await replica.state()} long after the storm`);
        return;
      }
      await sleep(50);
    }
  }
}
