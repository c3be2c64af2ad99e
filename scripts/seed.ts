import pg from 'pg';
import { SetClock } from '../platform/clock.ts';
import type { Config } from '../platform/config.ts';
import type { Scope } from '../platform/contract.generated.ts';
import { openLog } from '../platform/log.ts';
import type { Message } from '../platform/mail.ts';
import { scopesOf } from '../platform/scopes.ts';
import { type Viewer, anonymous } from '../platform/viewer.ts';
import { type System, startSystem } from '../system.ts';
import { type Brand, brands, members, purchases, type Earning } from './demo.ts';

/**
 * Makes the demo coalition, once: everything goes in through the operations that clients use, under
 * the roles that they have. Only the clock is the seed's own, so that the demo has a past.
 */
export async function seed(config: Config): Promise<void> {
  if (await isSeeded(config)) return;
  const clock = new SetClock(new Date());
  const sent: Message[] = [];
  const mail = (message: Message) => Promise.resolve(void sent.push(message));
  const platform = { clock, mail, log: openLog(config.logLevel === 'debug' ? 'debug' : 'warn') };
  const system = await startSystem(config, platform);
  try {
    await new Seed(system, clock, sent).run();
  } finally {
    await system.drain();
  }
  await markSeeded(config);
}

const admin: Viewer = {
  ...anonymous,
  audience: 'ADMIN',
  subject: 'seed',
  scopes: ['PARTNERS_MANAGE', 'MEMBERS_SUPPORT', 'PROGRAM_MANAGE'],
};
const partnerScopes = scopesOf('PARTNER');

const day = 86_400_000;

/** One run of the seed. A run that was cut short is gone on with: every step is repeatable. */
class Seed {
  readonly #system: System;
  readonly #clock: SetClock;
  readonly #sent: Message[];
  readonly #now = Date.now();
  readonly #partnerIds = new Map<string, string>();
  readonly #memberIds = new Map<string, string>();
  readonly #rewardIds = new Map<string, string>();

  constructor(system: System, clock: SetClock, sent: Message[]) {
    this.#system = system;
    this.#clock = clock;
    this.#sent = sent;
  }

  async run(): Promise<void> {
    this.#goTo(120);
    for (const brand of brands) await this.#openBrand(brand);
    this.#goTo(100);
    for (const { email, displayName } of members) await this.#enrol(email, displayName);
    for (const [email] of this.#memberIds) await this.#consentToAll(email);
    for (const event of purchases()) await this.#earn(event);
    this.#goTo(5);
    await this.#redeem('ada@example.com', 'HOTEL-BREAKFAST');
    await this.#redeem('grace@example.com', 'AIR-LOUNGE');
    await this.#post('ada@example.com', 'HOTEL-BREAKFAST');
  }

  #goTo(daysAgo: number): void {
    this.#clock.at = new Date(this.#now - daysAgo * day);
  }

  async #openBrand(brand: Brand): Promise<void> {
    const { code, name, kind, website } = brand;
    const contactEmail = `loyalty@${code.toLowerCase()}.example`;
    const known = await this.#ask(admin, 'query ($code: String) { partner(code: $code) { id } }', {
      code,
    });
    const id =
      (known['partner'] as { id: string } | null)?.id ??
      (await this.#change<{ id: string }>(
        admin,
        `mutation ($input: InvitePartnerInput!) { invitePartner(input: $input) { partner { id } userErrors { code message path } } }`,
        'partner',
        { input: { code, name, kind, website, contactEmail } },
      ))!.id;
    this.#partnerIds.set(code, id);
    const { partner } = await this.#ask(
      admin,
      `query ($id: ID) { partner(id: $id) { status contracts { version } ruleSets { nodes { status } } } }`,
      { id },
    );
    const { status, contracts, ruleSets } = partner as {
      status: string;
      contracts: unknown[];
      ruleSets: { nodes: { status: string }[] };
    };
    if (contracts.length === 0) {
      await this.#change(
        admin,
        `mutation ($id: ID!, $input: ContractInput!) { signContract(partnerId: $id, input: $input) { partner { id } userErrors { code message path } } }`,
        'partner',
        { id, input: { validFrom: '2024-01-01', currency: 'EUR', ...brand.contract } },
      );
    }
    if (!ruleSets.nodes.some((ruleSet) => ruleSet.status === 'PUBLISHED')) {
      const draft = await this.#change<{ id: string }>(
        admin,
        `mutation ($id: ID!, $rules: [EarnRuleInput!]!) { draftRuleSet(partnerId: $id, rules: $rules) { ruleSet { id } userErrors { code message path } } }`,
        'ruleSet',
        { id, rules: brand.rules },
      );
      await this.#change(
        admin,
        `mutation ($id: ID!) { publishRuleSet(id: $id) { ruleSet { id } userErrors { code message path } } }`,
        'ruleSet',
        { id: draft!.id },
      );
    }
    await this.#change(
      admin,
      `mutation ($input: ApiClientInput!) { createApiClient(input: $input) { client { clientId } userErrors { code message path } } }`,
      'client',
      {
        input: {
          partnerId: id,
          name: `${name} systems`,
          scopes: partnerScopes,
          idempotencyKey: 'seed',
        },
      },
    );
    if (status !== 'LIVE') {
      await this.#change(
        admin,
        `mutation ($id: ID!) { activatePartner(id: $id) { partner { id } userErrors { code message path } } }`,
        'partner',
        { id },
      );
    }
    for (const reward of brand.rewards) await this.#openReward(id, reward);
  }

  async #openReward(partnerId: string, reward: Brand['rewards'][number]): Promise<void> {
    const partner = this.#partner(partnerId);
    const created = await this.#change<{ id: string }>(
      partner,
      `mutation ($input: RewardInput!) { createReward(input: $input) { reward { id } userErrors { code message path details { subject } } } }`,
      'reward',
      { input: { partnerId, ...reward } },
      'CONFLICT',
    );
    const id = created!.id;
    this.#rewardIds.set(reward.sku, id);
    await this.#change(
      admin,
      `mutation ($id: ID!) { publishReward(id: $id) { reward { id } userErrors { code message path } } }`,
      'reward',
      { id },
    );
  }

  async #enrol(email: string, displayName: string): Promise<void> {
    const found = await this.#ask(
      admin,
      `query ($email: String) { member(by: { email: $email }) { id } }`,
      { email },
    );
    const known = found['member'] as { id: string } | null;
    if (known) return void this.#memberIds.set(email, known.id);
    const { enrol } = await this.#ask(
      anonymous,
      `mutation ($input: EnrolInput!) { enrol(input: $input) { verificationId userErrors { code message path } } }`,
      { input: { email, displayName } },
    );
    const code = /\b\d{6}\b/.exec(this.#sent.at(-1)!.text)![0];
    const member = await this.#change<{ id: string }>(
      anonymous,
      `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { member { id } userErrors { code message path } } }`,
      'member',
      { input: { verificationId: (enrol as { verificationId: string }).verificationId, code } },
    );
    this.#memberIds.set(email, member!.id);
  }

  async #consentToAll(email: string): Promise<void> {
    for (const partnerId of this.#partnerIds.values()) {
      await this.#change(
        this.#member(email),
        `mutation ($id: ID!) { grantConsent(partnerId: $id, scopes: [EARN, SPEND, READ_BALANCE]) { member { id } userErrors { code message path } } }`,
        'member',
        { id: partnerId },
      );
    }
  }

  async #earn({ email, brand, reference, amount, daysAgo }: Earning): Promise<void> {
    this.#goTo(daysAgo);
    await this.#change(
      this.#partner(this.#partnerIds.get(brand)!),
      `mutation ($input: ActivityInput!) { recordActivity(input: $input) { activity { id } userErrors { code message path } } }`,
      'activity',
      {
        input: {
          member: { email },
          kind: 'PURCHASE',
          reference,
          occurredAt: this.#clock.at.toISOString(),
          amount: { amount, currency: 'EUR' },
        },
      },
      // Gone on with on another day: the purchase stands, dated as it was then.
      'IDEMPOTENCY_MISMATCH',
    );
  }

  async #redeem(email: string, sku: string): Promise<void> {
    await this.#change(
      this.#member(email),
      `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) { redemption { id } userErrors { code message path } } }`,
      'redemption',
      { input: { rewardId: this.#rewardIds.get(sku)!, idempotencyKey: `seed-${sku}` } },
    );
  }

  async #post(email: string, sku: string): Promise<void> {
    await this.#change(
      this.#member(email),
      `mutation ($input: PostInput!) { createPost(input: $input) { post { id } userErrors { code message path } } }`,
      'post',
      {
        input: {
          kind: 'TIP',
          title: 'Breakfast for shop points',
          body: 'A few purchases at the shop paid for breakfast at the hotel. Book it the evening before.',
          topics: ['hotel'],
          aboutRewardId: this.#rewardIds.get(sku)!,
          idempotencyKey: 'seed-breakfast',
        },
      },
    );
  }

  #member(email: string): Viewer {
    const memberId = this.#memberIds.get(email)!;
    const scopes: Scope[] = ['PROFILE', 'BALANCE', 'REDEEM', 'TRANSFER', 'COMMUNITY'];
    return { ...anonymous, audience: 'MEMBER', memberId, subject: memberId, scopes };
  }

  #partner(partnerId: string): Viewer {
    return { ...anonymous, audience: 'PARTNER', partnerId, subject: 'seed', scopes: partnerScopes };
  }

  /** One operation through the gateway. @throws where it is not answered whole */
  async #ask(viewer: Viewer, query: string, variables: object): Promise<Record<string, unknown>> {
    const { data, errors } = await this.#system.gateway.execute(
      { query, variables: { ...variables } },
      viewer,
    );
    if (errors || !data) throw new Error(`The seed failed: ${JSON.stringify(errors)}`);
    return data;
  }

  /**
   * One mutation. @returns what the payload's field holds; for a refusal of the code `unless`, which
   * says that an earlier run has done it, the row that stands in the way.
   */
  async #change<Row>(
    viewer: Viewer,
    query: string,
    field: string,
    variables: object,
    unless?: string,
  ): Promise<Row | null> {
    const data = await this.#ask(viewer, query, variables);
    const payload = Object.values(data)[0] as Record<string, unknown> & {
      userErrors: { code: string; details?: { subject: string } }[];
    };
    const [refused] = payload.userErrors;
    if (!refused) return payload[field] as Row;
    if (refused.code === unless) return { id: refused.details?.subject } as Row;
    throw new Error(`The seed was refused: ${JSON.stringify(refused)}`);
  }
}

async function isSeeded(config: Config): Promise<boolean> {
  return onDatabase(config, async (client) => {
    await client.query(
      'CREATE TABLE IF NOT EXISTS public.seed (name text PRIMARY KEY, done_at timestamptz NOT NULL)',
    );
    const { rowCount } = await client.query(`SELECT FROM public.seed WHERE name = 'demo'`);
    return rowCount !== 0;
  });
}

async function markSeeded(config: Config): Promise<void> {
  await onDatabase(config, (client) =>
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
