import pg from 'pg';
import { SetClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import { openLog } from '../platform/log.ts';
import type { Mail, Message } from '../platform/mail.ts';
import { scopesOf } from '../platform/scopes.ts';
import { type Viewer, anonymous } from '../platform/viewer.ts';
import { startSystem } from '../system.ts';
import { type Brand, type Earning, brands, members, purchases } from './demo.ts';
import { type GraphClient, graphClient } from './seed-operations.ts';

/**
 * Makes the demo coalition, once: everything goes in through the operations that clients use, under
 * the roles that they have. Only the clock is the seed's own, so that the demo has a past. A run
 * that was cut short is gone on with: every step is repeatable.
 */
export async function seed(config: Config): Promise<void> {
  if (await isSeeded(config)) return;
  const clock = new SetClock(new Date());
  const sent: Message[] = [];
  const mail: Mail = {
    send: (message) => void sent.push(message),
    settled: () => Promise.resolve(),
  };
  const system = await startSystem(config, { clock, mail, log: openLog('warn') });
  try {
    await makeDemo({ graph: graphClient(system.gateway), clock, sent, now: Date.now() });
  } finally {
    await system.drain();
  }
  await markSeeded(config);
}

/** What every step of the seed needs. */
interface Seeding {
  graph: GraphClient;
  clock: SetClock;
  /** Mails so far: where the codes are. */
  sent: Message[];
  now: number;
}

async function makeDemo(seeding: Seeding): Promise<void> {
  goTo(seeding, 120);
  const partnerIds = new Map<string, string>();
  const rewardIds = new Map<string, string>();
  for (const brand of brands) {
    const partnerId = await openBrand(seeding, brand);
    partnerIds.set(brand.code, partnerId);
    for (const reward of brand.rewards) {
      rewardIds.set(reward.sku, await openReward(seeding, partnerId, reward));
    }
  }
  goTo(seeding, 100);
  const viewers = new Map<string, Viewer>();
  for (const { email, displayName } of members) {
    const viewer = memberViewer(await join(seeding, email, displayName));
    viewers.set(email, viewer);
    for (const partnerId of partnerIds.values()) {
      const scopes = ['EARN', 'SPEND', 'READ_BALANCE'];
      await seeding.graph.change(viewer, 'grantConsent', { partnerId, scopes });
    }
  }
  for (const earning of purchases()) await earn(seeding, partnerIds.get(earning.brand)!, earning);
  goTo(seeding, 5);
  for (const [email, sku] of [
    ['ada@example.com', 'HOTEL-BREAKFAST'],
    ['grace@example.com', 'AIR-LOUNGE'],
  ] as const) {
    const input = { rewardId: rewardIds.get(sku)!, idempotencyKey: `seed-${sku}` };
    await seeding.graph.change(viewers.get(email)!, 'redeemReward', { input });
  }
  await writePost(seeding, viewers.get('ada@example.com')!, rewardIds.get('HOTEL-BREAKFAST')!);
}

const day = 86_400_000;

function goTo({ clock, now }: Seeding, daysAgo: number): void {
  clock.at = new Date(now - daysAgo * day);
}

const admin: Viewer = {
  ...anonymous,
  audience: 'ADMIN',
  subject: 'seed',
  scopes: scopesOf('ADMIN'),
};

function partnerViewer(partnerId: string): Viewer {
  const scopes = scopesOf('PARTNER');
  return { ...anonymous, audience: 'PARTNER', partnerId, subject: 'seed', scopes };
}

function memberViewer(memberId: string): Viewer {
  const scopes = scopesOf('MEMBER');
  return { ...anonymous, audience: 'MEMBER', memberId, subject: memberId, scopes };
}

/** Brings a brand in, from the invitation to LIVE. @returns its id */
async function openBrand({ graph }: Seeding, brand: Brand): Promise<string> {
  const { code, name, kind, website } = brand;
  const input = {
    code,
    name,
    kind,
    website,
    contactEmail: `loyalty@${code.toLowerCase()}.example`,
  };
  const { id } = await graph.change(admin, 'invitePartner', { input }, 'CONFLICT');
  const { partner } = await graph.ask(
    admin,
    'query ($id: ID) { partner(id: $id) { onboarding { steps { code done } } } }',
    { id },
  );
  const { steps } = (partner as Onboarding).onboarding;
  const isMissing = (step: string) => steps.some(({ code, done }) => code === step && !done);

  if (isMissing('CONTRACT')) {
    const contract = { validFrom: '2024-01-01', currency: 'EUR', ...brand.contract };
    await graph.change(admin, 'signContract', { partnerId: id, input: contract });
  }
  if (isMissing('EARN_RULES')) {
    const drafted = await graph.change(admin, 'draftRuleSet', {
      partnerId: id,
      rules: brand.rules,
    });
    await graph.change(admin, 'publishRuleSet', { id: drafted.id });
  }
  const client = {
    partnerId: id,
    name: `${name} systems`,
    scopes: scopesOf('PARTNER'),
    idempotencyKey: 'seed',
  };
  await graph.change(admin, 'createApiClient', { input: client });
  await graph.change(admin, 'activatePartner', { id });
  return id;
}

interface Onboarding {
  onboarding: { steps: { code: string; done: boolean }[] };
}

/** @returns the published reward's id */
async function openReward(
  { graph }: Seeding,
  partnerId: string,
  reward: Brand['rewards'][number],
): Promise<string> {
  const input = { partnerId, ...reward };
  const { id } = await graph.change(
    partnerViewer(partnerId),
    'createReward',
    { input },
    'CONFLICT',
  );
  await graph.change(admin, 'publishReward', { id });
  return id;
}

/** Enrols a person with the code of the mail. @returns the member's id */
async function join({ graph, sent }: Seeding, email: string, displayName: string): Promise<string> {
  const find = 'query ($email: String) { member(by: { email: $email }) { id } }';
  const known = (await graph.ask(admin, find, { email }))['member'] as { id: string } | null;
  if (known) return known.id;
  const input = { email, displayName };
  const verificationId = await graph.change<string>(anonymous, 'enrol', { input });
  const code = /\b\d{6}\b/.exec(sent.at(-1)!.text)![0];
  const member = await graph.change(anonymous, 'verifyEmail', { input: { verificationId, code } });
  return member.id;
}

async function earn(seeding: Seeding, partnerId: string, earning: Earning): Promise<void> {
  const { email, reference, amount, daysAgo } = earning;
  goTo(seeding, daysAgo);
  const input = {
    member: { email },
    kind: 'PURCHASE',
    reference,
    occurredAt: seeding.clock.at.toISOString(),
    amount: { amount, currency: 'EUR' },
  };
  // Gone on with later: the purchase stands, dated as it was then.
  const unless = 'IDEMPOTENCY_MISMATCH';
  await seeding.graph.change(partnerViewer(partnerId), 'recordActivity', { input }, unless);
}

async function writePost({ graph }: Seeding, author: Viewer, aboutRewardId: string): Promise<void> {
  const input = {
    kind: 'TIP',
    title: 'Breakfast for shop points',
    body: 'A few purchases at the shop paid for breakfast at the hotel. Book it the evening before.',
    topics: ['hotel'],
    aboutRewardId,
    idempotencyKey: 'seed-breakfast',
  };
  await graph.change(author, 'createPost', { input });
}

/** The record stands outside the parts' schemas: it is about this database, not about the program. */
function isSeeded(config: Config): Promise<boolean> {
  return onDatabase(config, async (client) => {
    await client.query(
      'CREATE TABLE IF NOT EXISTS public.seed (name text PRIMARY KEY, done_at timestamptz NOT NULL)',
    );
    const { rowCount } = await client.query(`SELECT FROM public.seed WHERE name = 'demo'`);
    return rowCount !== 0;
  });
}

function markSeeded(config: Config): Promise<unknown> {
  return onDatabase(config, (client) =>
    client.query(`INSERT INTO public.seed VALUES ('demo', now())`),
  );
}

async function onDatabase<Result>(
  config: Config,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const client = new pg.Client({ connectionString: config.databaseUrl });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
