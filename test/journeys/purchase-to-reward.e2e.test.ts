import { auditLedger } from '../../ledger/index.ts';
import { subgraphNames } from '../../platform/config.ts';
import { startBesideAnother } from '../support/another-gateway.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { runJob } from '../support/jobs.ts';
import { startReceiver } from '../support/receiver.ts';
import type { GraphQLAnswer } from '../support/subgraph.ts';
import { type RunningSystem, startAsProcesses } from '../support/system.ts';
import { until } from '../support/until.ts';

const errors = 'userErrors { code path details { available required subject } }';
const operations = {
  invite: `mutation ($input: InvitePartnerInput!) { invitePartner(input: $input) { partner { id status } ${errors} } }`,
  sign: `mutation ($id: ID!, $input: ContractInput!) { signContract(partnerId: $id, input: $input) { partner { status } ${errors} } }`,
  draft: `mutation ($id: ID!, $rules: [EarnRuleInput!]!) { draftRuleSet(partnerId: $id, rules: $rules) { ruleSet { id } ${errors} } }`,
  publish: `mutation ($id: ID!) { publishRuleSet(id: $id) { ruleSet { status } ${errors} } }`,
  client: `mutation ($input: ApiClientInput!) { createApiClient(input: $input) { client { clientId } clientSecret ${errors} } }`,
  webhook: `mutation ($input: WebhookInput!) { registerWebhook(input: $input) { webhook { id } ${errors} } }`,
  call: `mutation ($id: ID!) { testWebhook(id: $id) { webhook { id } ${errors} } }`,
  trial: `mutation { createSandboxMember(displayName: "Trial", points: 10) { member { id } ${errors} } }`,
  hold: `mutation ($input: HoldPointsInput!) { holdPoints(input: $input) { hold { id } ${errors} } }`,
  capture: `mutation ($input: CaptureHoldInput!) { captureHold(input: $input) { hold { status } ${errors} } }`,
  activate: `mutation ($id: ID!) { activatePartner(id: $id) { partner { status } ${errors} } }`,
  enrol: `mutation ($input: EnrolInput!) { enrol(input: $input) { verificationId ${errors} } }`,
  verify: `mutation ($input: VerifyEmailInput!) { verifyEmail(input: $input) { member { id displayName } ${errors} } }`,
  consent: `mutation ($id: ID!, $scopes: [ConsentScope!]!) { grantConsent(partnerId: $id, scopes: $scopes) { member { id } ${errors} } }`,
  revoke: `mutation ($id: ID!) { revokeConsent(partnerId: $id) { member { id } ${errors} } }`,
  record: `mutation ($input: ActivityInput!) { recordActivity(input: $input) {
    activity { id points explanation { rule points applied reason } } ${errors} } }`,
  reward: `mutation ($input: RewardInput!) { createReward(input: $input) { reward { id } ${errors} } }`,
  publishReward: `mutation ($id: ID!) { publishReward(id: $id) { reward { status } ${errors} } }`,
  redeem: `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) {
    redemption { id points reward { name } } ${errors} } }`,
  post: `mutation ($input: PostInput!) { createPost(input: $input) { post { id } ${errors} } }`,
  review: `mutation ($id: ID!, $input: ReviewInput!) { reviewReward(rewardId: $id, input: $input) { review { id } ${errors} } }`,
  balance: `{ me { balance { available byIssuer { issuer { name } points } } } }`,
};

describe.each([
  ['in one process, where another gateway answers alike', startBesideAnother],
  ['with a process for each part', startAsProcesses],
])('a purchase becomes a reward, %s', (_, start) => {
  const test = useTestDatabase();
  let system: RunningSystem;
  let admin: string;
  const ids: Record<string, string> = {};
  const tokens: Record<string, string> = {};

  beforeAll(async () => {
    system = await start(test);
    admin = await system.token('admin');
  });
  afterAll(() => system.stop());

  /** A mutation that must go through. @returns its payload */
  async function done(token: string | null, query: string, variables: object): Promise<Payload> {
    const payload = await asked(token, query, variables);
    expect(payload.userErrors).toEqual([]);
    return payload;
  }

  /** A mutation's payload, refused or not. */
  async function asked(token: string | null, query: string, variables: object): Promise<Payload> {
    const { data, errors: faults } = await system.ask(token, query, variables);
    expect(faults).toBeUndefined();
    return Object.values(data!)[0] as unknown as Payload;
  }

  /** The same, of many at once: whoever hears too late is to ask again, and a busy machine is slow. */
  async function answered(token: string, query: string, variables: object): Promise<Payload> {
    let answer: GraphQLAnswer = {};
    await until(async () => {
      answer = await system.ask(token, query, variables);
      return answer.errors?.[0]?.extensions?.code !== 'SUBGRAPH_UNAVAILABLE';
    });
    expect(answer.errors).toBeUndefined();
    return Object.values(answer.data!)[0] as unknown as Payload;
  }

  it.each([
    ['SHOP', 'Corner Shop', 'RETAILER'],
    ['HOTEL', 'Harbour Hotels', 'HOTEL'],
  ])('an administrator brings %s in', async (code, name, kind) => {
    const contactEmail = 'loyalty@brand.example';
    const { partner } = await done(admin, operations.invite, {
      input: { code, name, kind, contactEmail, website: 'https://brand.example' },
    });
    const id = partner.id!;
    ids[code] = id;
    expect(await asked(admin, operations.activate, { id })).toMatchObject({
      partner: null,
      userErrors: [
        {
          code: 'NOT_ALLOWED',
          details: {
            subject:
              'CONTRACT, EARN_RULES, API_CLIENT, WEBHOOK, SANDBOX_ACTIVITY, SANDBOX_REDEMPTION',
          },
        },
      ],
    });

    await done(admin, operations.sign, {
      id,
      input: {
        validFrom: '2026-01-01',
        currency: 'EUR',
        issuePrice: '0.0105',
        redemptionRate: '0.0090',
      },
    });
    const { ruleSet } = await done(admin, operations.draft, {
      id,
      rules: [
        { code: 'BASE', name: '1 point for each euro', earn: { spend: '1' } },
        {
          code: 'BIG',
          name: 'Double from 100',
          when: 'activity.amount >= dec("100")',
          earn: { multiplier: '2' },
        },
      ],
    });
    await done(admin, operations.publish, { id: ruleSet.id });
    const scopes = ['ACCRUALS_WRITE', 'BALANCES_READ', 'CATALOG_MANAGE'];
    const made = await done(admin, operations.client, {
      input: { partnerId: id, name: 'Systems', scopes, idempotencyKey: 'first' },
    });
    await tryOut(id);
    const { partner: live } = await done(admin, operations.activate, { id });
    expect(live.status).toBe('LIVE');

    tokens[code] = await tokenOf(made);
  });

  async function tokenOf({ client, clientSecret }: Payload): Promise<string> {
    const answer = await fetch(`${system.url}/identity/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client.clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect(token).toBeDefined();
    return token;
  }

  /** What a brand's engineers do before they go live, with a test client. */
  async function tryOut(partnerId: string): Promise<void> {
    const scopes = [
      'ACCRUALS_WRITE',
      'REDEMPTIONS_AUTHORISE',
      'REDEMPTIONS_CAPTURE',
      'WEBHOOKS_MANAGE',
    ];
    const input = { partnerId, name: 'Trial', scopes, sandbox: true, idempotencyKey: 'trial' };
    const tester = await tokenOf(await done(admin, operations.client, { input }));
    const receiver = await startReceiver();
    const { webhook } = await done(tester, operations.webhook, {
      input: {
        partnerId,
        url: receiver.url,
        events: ['TEST'],
        sandbox: true,
        idempotencyKey: 'trial',
      },
    });
    await done(tester, operations.call, { id: webhook.id });
    const limits = { ...testConfig().limits, webhookWatchMs: 0 };
    expect(await runJob(test, 'deliver-webhooks', { localReceivers: true, limits })).toBe(1);
    await receiver.close();

    const { member } = await done(tester, operations.trial, {});
    occurredAt = new Date().toISOString();
    const trial = { member: { id: member.id } };
    await done(tester, operations.record, { input: { ...purchaseOf('trial', '10'), ...trial } });
    const { hold } = await done(tester, operations.hold, {
      input: { ...trial, points: 10, reference: 'trial', idempotencyKey: 'trial' },
    });
    const captured = await done(tester, operations.capture, {
      input: { id: hold.id, idempotencyKey: 'trial' },
    });
    expect(captured.hold.status).toBe('CAPTURED');
  }

  it('a member joins with an e-mail address and its code, and consents to the shop', async () => {
    const { verificationId } = await done(null, operations.enrol, {
      input: { email: 'ada@example.com', displayName: 'Ada' },
    });
    const code = await system.mailedCode();
    const { member } = await done(null, operations.verify, { input: { verificationId, code } });
    expect(member.displayName).toBe('Ada');
    ids['ada'] = member.id!;
    tokens['ada'] = await system.token('member', 'ada@example.com');

    occurredAt = new Date().toISOString();
    const purchase = { input: purchaseOf('1001', '49.99') };
    expect((await asked(tokens['SHOP']!, operations.record, purchase)).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['member'] },
    ]);
    await done(tokens['ada']!, operations.consent, {
      id: ids['SHOP'],
      scopes: ['EARN', 'READ_BALANCE'],
    });
  });

  it('the shop records purchases: each once, with why it earned what it did', async () => {
    const first = await done(tokens['SHOP']!, operations.record, {
      input: purchaseOf('1001', '49.99'),
    });
    expect(first.activity).toMatchObject({
      points: 49,
      explanation: [
        { rule: 'BASE', applied: true },
        { rule: 'BIG', applied: false },
      ],
    });
    const second = await done(tokens['SHOP']!, operations.record, {
      input: purchaseOf('1002', '120.50'),
    });
    expect(second.activity).toMatchObject({ points: 241 });

    expect(
      await done(tokens['SHOP']!, operations.record, { input: purchaseOf('1001', '49.99') }),
    ).toEqual(first);
    expect(
      (await asked(tokens['SHOP']!, operations.record, { input: purchaseOf('1001', '50.00') }))
        .userErrors,
    ).toEqual([
      {
        code: 'IDEMPOTENCY_MISMATCH',
        path: ['reference'],
        details: { available: null, required: null, subject: first.activity.id },
      },
    ]);
  });

  it('the member sees the points by who issued them', async () => {
    const { data } = await system.ask(tokens['ada']!, operations.balance);

    expect(data).toEqual({
      me: {
        balance: { available: 290, byIssuer: [{ issuer: { name: 'Corner Shop' }, points: 290 }] },
      },
    });
  });

  it('the member redeems a reward of the hotel with the shop’s points', async () => {
    const { reward } = await done(tokens['HOTEL']!, operations.reward, {
      input: {
        partnerId: ids['HOTEL'],
        sku: 'BREAKFAST',
        name: 'Breakfast for two',
        kind: 'EXPERIENCE',
        prices: [{ points: 200 }],
        availability: { stock: 5 },
      },
    });
    ids['reward'] = reward.id!;
    await done(admin, operations.publishReward, { id: reward.id });

    const { redemption } = await done(tokens['ada']!, operations.redeem, {
      input: { rewardId: reward.id, idempotencyKey: 'breakfast' },
    });

    expect(redemption).toMatchObject({ points: 200, reward: { name: 'Breakfast for two' } });
    const { data } = await system.ask(tokens['ada']!, operations.balance);
    expect(data).toMatchObject({ me: { balance: { available: 90 } } });
  });

  it('one query reads all four subgraphs', async () => {
    await done(tokens['ada']!, operations.post, {
      input: {
        kind: 'TIP',
        title: 'Breakfast',
        body: 'Worth it.',
        aboutRewardId: ids['reward'],
        idempotencyKey: 'tip',
      },
    });

    const { data, errors: faults } = await system.ask(
      tokens['ada']!,
      `{
        me {
          displayName
          statement { nodes { kind points balance partner { name } activity { reference } redemption { reward { name } } } }
          redemptions { nodes { reward { name partner { name } } } }
        }
        feed { nodes { title author { displayName } about { ... on Reward { name } } } }
      }`,
    );

    expect(faults).toBeUndefined();
    const [shop, hotel] = [{ name: 'Corner Shop' }, { name: 'Harbour Hotels' }];
    const breakfast = { name: 'Breakfast for two' };
    expect(data).toEqual({
      me: {
        displayName: 'Ada',
        statement: {
          nodes: [
            {
              kind: 'REDEMPTION',
              points: -200,
              balance: 90,
              partner: hotel,
              activity: null,
              redemption: { reward: breakfast },
            },
            {
              kind: 'ACCRUAL',
              points: 241,
              balance: 290,
              partner: shop,
              activity: { reference: '1002' },
              redemption: null,
            },
            {
              kind: 'ACCRUAL',
              points: 49,
              balance: 49,
              partner: shop,
              activity: { reference: '1001' },
              redemption: null,
            },
          ],
        },
        redemptions: { nodes: [{ reward: { ...breakfast, partner: hotel } }] },
      },
      feed: { nodes: [{ title: 'Breakfast', author: { displayName: 'Ada' }, about: breakfast }] },
    });
  });

  it('the member reviews the reward, and everybody reads what it is worth', async () => {
    const input = { rating: 5, body: 'Fresh bread.' };
    await done(tokens['ada']!, operations.review, { id: ids['reward'], input });
    await done(tokens['ada']!, operations.review, {
      id: ids['reward'],
      input: { ...input, rating: 4 },
    });

    const { data } = await system.ask(
      null,
      `query ($id: ID) { reward(id: $id) {
        name
        rating { count average }
        reviews { nodes { rating verified author { displayName } about { ... on Reward { name } } } }
        partner { name rating { count average } }
      } }`,
      { id: ids['reward'] },
    );

    const name = 'Breakfast for two';
    const review = { rating: 4, verified: true, author: { displayName: 'Ada' }, about: { name } };
    expect(data).toEqual({
      reward: {
        name,
        rating: { count: 1, average: '4.00' },
        reviews: { nodes: [review] },
        partner: { name: 'Harbour Hotels', rating: { count: 0, average: null } },
      },
    });
    expect(
      (
        await asked(tokens['ada']!, operations.review, {
          id: ids['reward'],
          input: { ...input, rating: 6 },
        })
      ).userErrors,
    ).toMatchObject([{ code: 'INVALID', path: ['rating'] }]);
  });

  it('50 redemptions at once take the last unit, and the last points, once', async () => {
    const { reward } = await done(tokens['HOTEL']!, operations.reward, {
      input: {
        partnerId: ids['HOTEL'],
        sku: 'LAST',
        name: 'Last one',
        kind: 'PRODUCT',
        prices: [{ points: 1 }],
        availability: { stock: 1 },
      },
    });
    const { reward: dear } = await done(tokens['HOTEL']!, operations.reward, {
      input: {
        partnerId: ids['HOTEL'],
        sku: 'DEAR',
        name: 'All the points',
        kind: 'PRODUCT',
        prices: [{ points: 89 }],
      },
    });
    for (const { id } of [reward, dear] as const)
      await done(admin, operations.publishReward, { id });
    const race = async (rewardId: string) => {
      const payloads = await Promise.all(
        Array.from({ length: 50 }, (__, n) =>
          answered(tokens['ada']!, operations.redeem, {
            input: { rewardId, idempotencyKey: `${rewardId} ${n}` },
          }),
        ),
      );
      const codes = payloads.map(({ userErrors: [refused] }) => refused?.code ?? 'taken');
      return Object.fromEntries(
        [...new Set(codes)].map((code) => [code, codes.filter((c) => c === code).length]),
      );
    };

    expect(await race(reward.id!)).toEqual({ taken: 1, OUT_OF_STOCK: 49 });
    expect(await race(dear.id!)).toEqual({ taken: 1, INSUFFICIENT_POINTS: 49 });

    const { data } = await system.ask(tokens['ada']!, operations.balance);
    expect(data).toMatchObject({ me: { balance: { available: 0, byIssuer: [] } } });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('a partner without consent finds no member, and no balance by another way', async () => {
    const find = `query ($id: ID) { member(by: { id: $id }) { memberNumber balance { available } } }`;
    const around = `query { activity(reference: "1001") { points member { displayName memberNumber balance { available } } } }`;
    const ada = { id: ids['ada'] };

    expect((await system.ask(tokens['HOTEL']!, find, ada)).data).toEqual({ member: null });
    expect((await system.ask(tokens['SHOP']!, find, ada)).data).toMatchObject({
      member: { balance: { available: 0 } },
    });
    await done(tokens['ada']!, operations.revoke, { id: ids['SHOP'] });

    expect((await system.ask(tokens['SHOP']!, find, ada)).data).toEqual({ member: null });
    expect(await system.ask(tokens['SHOP']!, around)).toEqual({
      data: {
        activity: { points: 49, member: { displayName: 'Ada', memberNumber: null, balance: null } },
      },
    });
  });

  it('what a caller may not do is refused', async () => {
    expect((await system.ask(null, operations.balance)).errors).toMatchObject([
      { extensions: { code: 'UNAUTHENTICATED' } },
    ]);
    expect((await system.ask(tokens['SHOP']!, operations.balance)).errors).toMatchObject([
      { extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(
      (await system.ask(tokens['ada']!, operations.activate, { id: ids['SHOP'] })).errors,
    ).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }]);
  });

  it('a subgraph answers nobody but the gateway', async () => {
    for (const name of subgraphNames) {
      expect(await system.callDirectly(name, admin)).toBe(403);
    }
  });

  it('with one subgraph stopped, the rest of an answer stays whole', async () => {
    await system.stopSubgraph('community');

    const { data, errors: faults } = await system.ask(
      tokens['ada']!,
      '{ me { displayName redemptions { nodes { points } } } feed { nodes { title } } }',
    );

    expect(data).toMatchObject({ me: { displayName: 'Ada' }, feed: null });
    expect(
      (data as unknown as { me: { redemptions: { nodes: unknown[] } } }).me.redemptions.nodes,
    ).toHaveLength(3);
    expect(faults).toMatchObject([
      { path: ['feed'], extensions: { code: 'SUBGRAPH_UNAVAILABLE' } },
    ]);
  });
});

type Field =
  | 'partner'
  | 'ruleSet'
  | 'client'
  | 'webhook'
  | 'member'
  | 'hold'
  | 'activity'
  | 'reward'
  | 'redemption';
type Payload = Record<Field, Record<string, string>> & {
  clientSecret: string;
  verificationId: string;
  userErrors: { code: string; path: string[] }[];
};

/** After the rules were published, and the same for a call that is repeated. */
let occurredAt: string;

function purchaseOf(reference: string, amount: string) {
  return {
    member: { email: 'ada@example.com' },
    kind: 'PURCHASE',
    reference,
    occurredAt,
    amount: { amount, currency: 'EUR' },
  };
}
