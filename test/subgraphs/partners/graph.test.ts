import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { claimMissingPoints } from '../../../subgraphs/partners/claims/claims.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { givenImport } from '../../support/given-imports.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer } from '../../support/given-offers.ts';
import {
  aPointAUnit,
  givenInvited,
  givenPartner,
  givenRules,
  givenTried,
} from '../../support/given-partners.ts';
import {
  adminViewer,
  callSubgraph,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

interface Credit {
  prepaidPoints: number;
  blocks: { bought: number }[];
  purchases: {
    nodes: { bought: number }[];
    pageInfo: { hasNextPage: boolean; endCursor: string };
  };
}

describe('the partners subgraph', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  let shop: string;
  let hotel: string;
  let draft: string;
  let ada: string;
  const activity = { shop: '', hotel: '' };

  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
    shop = await givenPartner(test, { code: 'SHOP', name: 'Shop' });
    hotel = await givenPartner(test, { code: 'HOTEL', name: 'Hotel', kind: 'HOTEL' });
    draft = await givenInvited(test, { code: 'DRAFT', name: '100% Draft' });
    ada = await givenMember(test);
    for (const partnerId of [shop, hotel]) await givenConsent(test, ada, partnerId);
    activity.shop = await given(shop, 'r-1');
    activity.hotel = await given(hotel, 'r-2');
  });
  afterAll(() => subgraph.drain());

  async function given(partnerId: string, reference: string, day = '2026-06-15'): Promise<string> {
    const occurredAt = new Date(`${day}T10:00:00Z`);
    const amount = { amount: '50.00', currency: 'EUR' };
    const { id } = await recordActivity(
      test.db('partners'),
      { member: { id: ada }, kind: 'PURCHASE', reference, occurredAt, amount },
      { viewer: partnerViewer(partnerId), clock: new SetClock(occurredAt) },
    );
    return id;
  }

  async function ask(viewer: Viewer, query: string, variables: object = {}) {
    const { data, errors } = await callSubgraph(subgraph, viewer, query, variables);
    return { data: data as Record<string, unknown> | null, code: errors?.[0]?.extensions?.code };
  }

  it('lists the program’s partners by kind, LIVE ones for everyone', async () => {
    const query = `query($kind: PartnerKind, $after: String) {
      _entities(representations: [{ __typename: "Program", id: "1" }]) { ... on Program {
        partners(kind: $kind, first: 1, after: $after) {
          nodes { code } pageInfo { hasNextPage endCursor } totalCount } } } }`;
    const page = (code: string, hasNextPage: boolean, totalCount = 2) => ({
      partners: {
        nodes: [{ code }],
        pageInfo: { hasNextPage, endCursor: expect.any(String) },
        totalCount,
      },
    });

    const { data } = await ask(anonymous, query);
    expect(data).toEqual({ _entities: [page('HOTEL', true)] });
    const [{ partners: first }] = data!['_entities'] as [ReturnType<typeof page>];
    const { endCursor: after } = first.pageInfo;
    expect((await ask(anonymous, query, { after })).data).toEqual({
      _entities: [page('SHOP', false)],
    });
    expect((await ask(anonymous, query, { kind: 'RETAILER' })).data).toEqual({
      _entities: [page('SHOP', false, 1)],
    });
  });

  it('shows LIVE partners to everyone, others to themselves and staff', async () => {
    const list = `{ partners { nodes { code } totalCount } }`;
    const one = `query($id: ID, $code: String) { partner(id: $id, code: $code) { code } }`;
    const live = { partners: { nodes: [{ code: 'HOTEL' }, { code: 'SHOP' }], totalCount: 2 } };

    for (const viewer of [anonymous, memberViewer(ada), partnerViewer(draft)]) {
      expect((await ask(viewer, list)).data).toEqual(live);
    }
    const drafts = `{ partners(status: DRAFT) { nodes { code } totalCount } }`;
    expect((await ask(anonymous, drafts)).data).toEqual(live);
    expect((await ask(adminViewer(), drafts)).data).toEqual({
      partners: { nodes: [{ code: 'DRAFT' }], totalCount: 1 },
    });
    for (const viewer of [anonymous, memberViewer(ada), partnerViewer(shop)]) {
      expect((await ask(viewer, one, { id: draft })).data).toEqual({ partner: null });
      expect((await ask(viewer, one, { code: 'SHOP' })).data).toEqual({
        partner: { code: 'SHOP' },
      });
    }
    for (const viewer of [partnerViewer(draft), adminViewer()]) {
      expect((await ask(viewer, one, { id: draft })).data).toEqual({ partner: { code: 'DRAFT' } });
    }
    expect((await ask(anonymous, one, { id: shop, code: 'SHOP' })).code).toBe('BAD_USER_INPUT');
    expect((await ask(anonymous, one, { id: 'shop' })).code).toBe('BAD_USER_INPUT');
  });

  it('finds partners by a part of name or code, taken as it is written', async () => {
    const query = `query($search: String) { partners(search: $search) { nodes { code } } }`;
    const found = async (search: string) => (await ask(adminViewer(), query, { search })).data;

    expect(await found('ote')).toEqual({ partners: { nodes: [{ code: 'HOTEL' }] } });
    expect(await found('0%')).toEqual({ partners: { nodes: [{ code: 'DRAFT' }] } });
    expect(await found('_')).toEqual({ partners: { nodes: [] } });
  });

  it('pages through partners without a gap', async () => {
    const query = `query($after: String) {
      partners(first: 1, after: $after) { nodes { code } pageInfo { hasNextPage endCursor } }
    }`;
    const codes: string[] = [];
    let after: string | null = null;
    do {
      const { data } = await ask(adminViewer(), query, { after });
      const page = data!['partners'] as {
        nodes: { code: string }[];
        pageInfo: { hasNextPage: boolean; endCursor: string };
      };
      codes.push(...page.nodes.map(({ code }) => code));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);

    expect(codes).toEqual(['DRAFT', 'HOTEL', 'SHOP']);
    const forged = Buffer.from('["a", "b"]').toString('base64url');
    expect((await ask(adminViewer(), query, { after: forged })).code).toBe('BAD_USER_INPUT');
  });

  it('resolves a partner that a row leads to, whatever its status', async () => {
    const query = `query($of: [_Any!]!) { _entities(representations: $of) { ... on Partner { code } } }`;

    const { data } = await ask(memberViewer(ada), query, {
      of: [{ __typename: 'Partner', id: draft }],
    });

    expect(data).toEqual({ _entities: [{ code: 'DRAFT' }] });
  });

  const terms = `query($id: ID) { partner(id: $id) {
    contract { version issuePrice } contracts { version validTo } apiClients { name scopes authentication }
    ruleSets { nodes { version status createdBy rules { code when earn { spend fixed } combine } } }
    onboarding { readyForLive steps { code done missing } } activities { nodes { reference } }
  } }`;

  it('shows the hundred newest contracts of a partner', async () => {
    const busy = await givenPartner(test, { code: 'BUSY' });
    await rows(
      test.owner(),
      `INSERT INTO partners.contract
       SELECT (jsonb_populate_record(first, jsonb_build_object(
         'id', gen_random_uuid(), 'version', each, 'valid_to', first.valid_from))).*
       FROM partners.contract first, generate_series(2, 102) each
       WHERE partner_id = $1`,
      [busy],
    );

    const { data } = await ask(partnerViewer(busy), terms, { id: busy });

    const { contracts } = data!['partner'] as { contracts: { version: number }[] };
    expect(contracts.map(({ version }) => version)).toEqual(
      Array.from({ length: 100 }, (_, place) => 102 - place),
    );
  });

  it('shows terms and figures to the partner itself', async () => {
    const { data } = await ask(partnerViewer(shop), terms, { id: shop });

    expect(data).toEqual({
      partner: {
        contract: { version: 1, issuePrice: '0.0120' },
        contracts: [{ version: 1, validTo: null }],
        apiClients: [
          { name: 'Tills', scopes: ['ACCRUALS_WRITE', 'BALANCES_READ'], authentication: 'SECRET' },
        ],
        ruleSets: {
          nodes: [
            {
              version: 1,
              status: 'PUBLISHED',
              createdBy: 'admin',
              rules: [
                {
                  code: 'BASE',
                  when: null,
                  earn: { spend: '1', fixed: null },
                  combine: 'ADDITIVE',
                },
              ],
            },
          ],
        },
        onboarding: {
          readyForLive: false,
          steps: [
            ...['PROFILE', 'CONTRACT', 'EARN_RULES', 'API_CLIENT'].map((code) => ({
              code,
              done: true,
              missing: [],
            })),
            {
              code: 'WEBHOOK',
              done: false,
              missing: ['A webhook whose receiver has taken an event.'],
            },
            {
              code: 'SANDBOX_ACTIVITY',
              done: false,
              missing: ['An activity of a member of the sandbox, recorded by a test client.'],
            },
            {
              code: 'SANDBOX_REDEMPTION',
              done: false,
              missing: ['Points of a member of the sandbox, held and captured by a test client.'],
            },
          ],
        },
        activities: { nodes: [{ reference: 'r-1' }] },
      },
    });
  });

  it('shows them to nobody else', async () => {
    const nothing = {
      contract: null,
      contracts: null,
      apiClients: null,
      ruleSets: null,
      onboarding: null,
      activities: null,
    };

    for (const viewer of [anonymous, memberViewer(ada), partnerViewer(hotel)]) {
      expect((await ask(viewer, terms, { id: shop })).data).toEqual({ partner: nothing });
    }
  });

  it('shows an activity to its member, its partner and staff; its cost not to the member', async () => {
    const query = `query($id: ID!) { activity(id: $id) {
      points amount { amount currency } cost { amount } partner { code } member { id }
      explanation { rule desired points }
    } }`;
    const seen = {
      points: 50,
      amount: { amount: '50.00', currency: 'EUR' },
      cost: { amount: '0.60' },
      partner: { code: 'SHOP' },
      member: { id: ada },
      explanation: [{ rule: 'BASE', desired: 50, points: 50 }],
    };
    const as = async (viewer: Viewer) => (await ask(viewer, query, { id: activity.shop })).data;

    expect(await as(partnerViewer(shop))).toEqual({ activity: seen });
    expect(await as(adminViewer())).toEqual({ activity: seen });
    expect(await as(memberViewer(ada))).toEqual({ activity: { ...seen, cost: null } });
    const others = [
      partnerViewer(hotel),
      memberViewer(hotel),
      adminViewer(['PARTNERS_MANAGE']),
      { ...partnerViewer(shop), sandbox: true },
    ];
    for (const viewer of others) expect(await as(viewer)).toEqual({ activity: null });
    expect((await ask(anonymous, query, { id: activity.shop })).code).toBe('UNAUTHENTICATED');
  });

  it('keeps activities apart when they are asked for as entities', async () => {
    const query = `query($of: [_Any!]!) { _entities(representations: $of) { ... on Activity { reference } } }`;
    const of = [activity.shop, activity.hotel].map((id) => ({ __typename: 'Activity', id }));

    expect((await ask(partnerViewer(hotel), query, { of })).data).toEqual({
      _entities: [null, { reference: 'r-2' }],
    });
    expect((await ask({ ...partnerViewer(hotel), sandbox: true }, query, { of })).data).toEqual({
      _entities: [null, null],
    });
  });

  it('finds an activity by the calling partner’s own reference alone', async () => {
    const query = `query($reference: String) { activity(reference: $reference) { id } }`;
    const own = partnerViewer(shop);

    expect((await ask(own, query, { reference: 'r-1' })).data).toEqual({
      activity: { id: activity.shop },
    });
    expect((await ask(own, query, { reference: 'r-2' })).data).toEqual({ activity: null });
    expect((await ask(adminViewer(), query, { reference: 'r-1' })).code).toBe('BAD_USER_INPUT');
  });

  it('lists a member’s activities: all for the member, a partner’s own for it', async () => {
    const query = `query($of: [_Any!]!, $partnerId: ID) { _entities(representations: $of) {
      ... on Member { activities(partnerId: $partnerId) { nodes { reference } } }
    } }`;
    const as = async (viewer: Viewer, partnerId: string | null = null) => {
      const of = [{ __typename: 'Member', id: ada }];
      const { data } = await ask(viewer, query, { of, partnerId });
      const [member] = data!['_entities'] as { activities: { nodes: { reference: string }[] } }[];
      return member?.activities?.nodes.map(({ reference }) => reference).sort() ?? null;
    };

    expect(await as(memberViewer(ada))).toEqual(['r-1', 'r-2']);
    expect(await as(memberViewer(ada), hotel)).toEqual(['r-2']);
    expect(await as(adminViewer())).toEqual(['r-1', 'r-2']);
    expect(await as(partnerViewer(shop))).toEqual(['r-1']);
    expect(await as(partnerViewer(shop), hotel)).toEqual([]);
    expect(await as(memberViewer(hotel))).toBeNull();
    expect(await as(anonymous)).toBeNull();
  });

  it('narrows a partner’s activities by day of the program, and pages through them', async () => {
    const own = await givenPartner(test);
    await givenConsent(test, ada, own);
    for (const day of ['2026-05-31', '2026-06-01', '2026-06-30', '2026-07-01'])
      await given(own, day, day);
    const query = `query($filter: ActivityFilter, $after: String) { myPartner {
      activities(filter: $filter, first: 1, after: $after) {
        nodes { reference } pageInfo { hasNextPage endCursor }
      }
    } }`;
    const filter = {
      period: { from: '2026-06-01', to: '2026-06-30' },
      kind: 'PURCHASE',
      memberId: ada,
    };
    const page = async (after: string | null) => {
      const { data } = await ask(partnerViewer(own), query, { filter, after });
      const { activities } = data!['myPartner'] as {
        activities: {
          nodes: { reference: string }[];
          pageInfo: { hasNextPage: boolean; endCursor: string };
        };
      };
      return { ...activities.pageInfo, reference: activities.nodes[0]!.reference };
    };

    const first = await page(null);
    const second = await page(first.endCursor);

    expect([first.reference, second.reference]).toEqual(['2026-06-30', '2026-06-01']);
    expect([first.hasNextPage, second.hasNextPage]).toEqual([true, false]);
  });

  describe('reads a list of twelve by as many statements as one of three:', () => {
    const [few, many] = [3, 12];
    const ids = {} as Record<
      'partners' | 'members' | 'activities' | 'offers' | 'imports',
      string[]
    >;
    const all = `edges { cursor } pageInfo { hasNextPage }`;
    const partner = 'partner { code earningSummary }';
    const activity = `reference status points ${partner} member { id } cost { amount }
      exchangeRate { rate } items { sku } explanation { rule offer { title ${partner} } }`;
    const offer = `title status endsAt earningSummary ${partner} rules { code } spent budget
      funding { share partner { code } }`;
    const activityImport = `status rejections { nodes { line } } ${partner}`;
    const statement = `id net { amount } due { amount } disputed { amount } sums { kind } ${partner}`;
    const period = '{ from: "2026-06-01", to: "2026-06-30" }';
    const of = `code details { __typename } earningSummary conversions { toCurrency }
      contract { version conversions { toCurrency } } contracts { version } apiClients { name }
      ruleSets { nodes { version status rules { code } } } onboarding { readyForLive }
      webhooks { url deliveries { nodes { id } } }
      activities { nodes { ${activity} } ${all} } claims { nodes { id ${partner} activity { id } } ${all} }
      offers(status: null) { nodes { ${offer} } ${all} } imports { nodes { ${activityImport} } ${all} }
      credit { owed { amount } limit { amount } prepaidPoints blocks { id } purchases { nodes { id } ${all} } }
      performance(period: ${period}) { activities daily { issued } }
      settlementStatements { nodes { ${statement} } ${all} }`;
    const ofMember = `activities { nodes { ${activity} } } claims { nodes { id ${partner} activity { id } } }
      offers { nodes { title ${partner} earningSummary } } stampCards { ${partner} }`;

    beforeAll(async () => {
      const at = new Date('2026-06-15T10:00:00Z');
      ids.partners = await Promise.all(
        Array.from({ length: many }, () => givenPartner(test, { kind: 'EMPLOYER' })),
      );
      ids.members = await Promise.all(ids.partners.map(() => givenMember(test)));
      [ids.activities, ids.offers, ids.imports] = [[], [], []];
      for (const [place, partnerId] of ids.partners.entries()) {
        const memberId = ids.members[place]!;
        for (const each of [ada, memberId]) await givenConsent(test, each, partnerId);
        ids.offers.push((await givenOffer(test, partnerId)).id);
        ids.activities.push(await given(partnerId, `of many ${place}`));
        const owner = partnerViewer(partnerId);
        await recordActivity(
          test.db('partners'),
          {
            member: { id: memberId },
            kind: 'PURCHASE',
            reference: 'own',
            occurredAt: at,
            amount: { amount: '9', currency: 'EUR' },
          },
          { viewer: owner, clock: new SetClock(at) },
        );
        ids.imports.push(
          (await givenImport(test, owner, 'reference,occurred_at,amount,currency,customer\n')).id,
        );
        await claimMissingPoints(
          test.db('partners'),
          { partnerId, occurredOn: '2026-06-01', reference: 'lost' },
          { memberId, clock: new SetClock(at) },
        );
      }
    });

    /** How many are sent for so many, each of which has an answer. */
    async function statementsFor(query: string, first: number, refs: object[], viewer: Viewer) {
      const spy = jest.spyOn(pg.Client.prototype, 'query');
      try {
        const asked = { first, refs: refs.slice(0, first) };
        const { data, code } = await ask(viewer, query, asked);
        expect(code).toBeUndefined();
        const [list] = Object.values(data!) as [{ nodes: object[] } | object[]];
        expect('nodes' in list ? list.nodes : list).toEqual(Array(first).fill(expect.any(Object)));
        return spy.mock.calls.length;
      } finally {
        spy.mockRestore();
      }
    }

    const entities = (type: string, fields: string) =>
      `query($refs: [_Any!]!) { _entities(representations: $refs) { ... on ${type} { ${fields} } } }`;
    const refsTo = (__typename: string, list: keyof typeof ids) => () =>
      ids[list].map((id) => ({ __typename, id }));
    const none = () => [];
    const staff = adminViewer();

    it.each<[string, string, () => object[], () => Viewer]>([
      [
        'partners',
        `query($first: Int) { partners(first: $first, kind: EMPLOYER) { nodes { ${of} } } }`,
        none,
        () => staff,
      ],
      [
        'offers',
        `query($first: Int) { offers(first: $first, status: null) { nodes { ${offer} } } }`,
        none,
        () => staff,
      ],
      [
        'partners that rows lead to',
        entities('Partner', of),
        refsTo('Partner', 'partners'),
        () => staff,
      ],
      ['members', entities('Member', ofMember), refsTo('Member', 'members'), () => staff],
      ['activities', entities('Activity', activity), refsTo('Activity', 'activities'), () => staff],
      [
        'offers for a member',
        entities('Offer', `title ${partner} activated progress { current } earningSummary`),
        refsTo('Offer', 'offers'),
        () => memberViewer(ada),
      ],
      [
        'imports',
        entities('ActivityImport', activityImport),
        refsTo('ActivityImport', 'imports'),
        () => staff,
      ],
    ])('%s', async (_, query, refs, viewer) => {
      const forFew = await statementsFor(query, few, refs(), viewer());

      expect(forFew).toBeGreaterThan(0);
      expect(await statementsFor(query, many, refs(), viewer())).toBe(forFew);
    });
  });

  it('sells points to who prepays, and shows how it stands', async () => {
    const partnerId = await givenPartner(test);
    const miles = await givenCurrency(test, partnerId);
    const sign = `mutation($id: ID!, $input: ContractInput!) { signContract(partnerId: $id, input: $input) {
      partner {
        contract { billing feeRate creditLimit { amount } alertAt { amount currency } monthlyIssueLimit }
        conversions { fromCurrency toCurrency fromPoints bonusUnits confirmHours validFrom validTo }
      } userErrors { code path details { subject } } } }`;
    const conversions = [
      { fromCurrency: 'PTS', toCurrency: miles, fromPoints: 3, toUnits: 1, minimumPoints: 3 },
    ];
    const input = {
      validFrom: '2026-01-01',
      currency: 'EUR',
      issuePrice: '0.01',
      redemptionRate: '0.008',
      feeRate: '0.02',
      billing: 'PREPAID',
      alertAt: { amount: '7.5', currency: 'EUR' },
      monthlyIssueLimit: 5_000,
      conversions,
    };
    const back = { ...conversions[0], fromCurrency: miles, toCurrency: 'PTS', toUnits: 10 };
    const asked = { id: partnerId, input };
    const wrong = { ...asked, input: { ...input, conversions: [...conversions, back] } };

    expect((await ask(adminViewer(), sign, wrong)).data).toMatchObject({
      signContract: {
        userErrors: [
          {
            code: 'NOT_ALLOWED',
            path: ['conversions', '1'],
            details: { subject: `${miles} > PTS > ${miles}` },
          },
        ],
      },
    });
    expect((await ask(adminViewer(), sign, asked)).data).toEqual({
      signContract: {
        partner: {
          contract: {
            billing: 'PREPAID',
            feeRate: '0.02',
            creditLimit: null,
            alertAt: { amount: '7.50', currency: 'EUR' },
            monthlyIssueLimit: 5_000,
          },
          conversions: [
            {
              fromCurrency: 'PTS',
              toCurrency: miles,
              fromPoints: 3,
              bonusUnits: null,
              confirmHours: null,
              validFrom: '2026-01-01',
              validTo: null,
            },
          ],
        },
        userErrors: [],
      },
    });

    const sell = `mutation($input: SellPointsInput!) { sellPoints(input: $input) {
      partner { credit {
        owed { amount currency } limit { amount } prepaidPoints
        blocks { validFrom bought remaining price { amount currency } }
      } } userErrors { code } } }`;
    const price = { amount: '10', currency: 'EUR' };
    const sold = { partnerId, points: 1_000, price, validFrom: '2026-02-01', idempotencyKey: 'a' };

    expect((await ask(adminViewer(), sell, { input: sold })).data).toEqual({
      sellPoints: {
        partner: {
          credit: {
            owed: { amount: '0.00', currency: 'EUR' },
            limit: null,
            prepaidPoints: 1_000,
            blocks: [
              {
                validFrom: '2026-02-01',
                bought: 1_000,
                remaining: 1_000,
                price: { amount: '10.00', currency: 'EUR' },
              },
            ],
          },
        },
        userErrors: [],
      },
    });
    const shown = `query($id: ID) { partner(id: $id) { credit { prepaidPoints } } }`;
    const seenBy = async (viewer: Viewer) => (await ask(viewer, shown, { id: partnerId })).data;
    const own = { partner: { credit: { prepaidPoints: 1_000 } } };
    expect(await seenBy(partnerViewer(partnerId, ['SETTLEMENT_READ']))).toEqual(own);
    for (const viewer of [partnerViewer(partnerId), partnerViewer(shop, ['SETTLEMENT_READ'])]) {
      expect(await seenBy(viewer)).toEqual({ partner: { credit: null } });
    }
  });

  it('lists the last hundred blocks in their order, and all of them page by page', async () => {
    const partnerId = await givenPartner(test);
    await rows(
      test.owner(),
      `INSERT INTO partners.point_block (id, partner_id, valid_from, bought, remaining, price, currency,
         idempotency_key, input_hash, sold_at)
       SELECT gen_random_uuid(), $1, date '2026-01-01' + n / 2, n, n % 3, 1, 'EUR', n, '',
              timestamptz '2026-01-01Z' + n * interval '1 second'
       FROM generate_series(1, 103) n`,
      [partnerId],
    );
    const query = `query($id: ID, $after: String) { partner(id: $id) { credit { prepaidPoints blocks { bought }
      purchases(first: 60, after: $after) { nodes { bought } pageInfo { hasNextPage endCursor } } } } }`;
    const read = async (after?: string) => {
      const { data } = await ask(adminViewer(), query, { id: partnerId, after });
      const { credit } = data!['partner'] as { credit: Credit };
      const { nodes, pageInfo } = credit.purchases;
      return { ...credit, bought: nodes.map((each) => each.bought), ...pageInfo };
    };
    const backTo = (first: number, last: number) =>
      Array.from({ length: last - first + 1 }, (_, back) => last - back);

    const page = await read();
    const rest = await read(page.endCursor);

    expect(page.blocks.map((each) => each.bought)).toEqual(backTo(4, 103).reverse());
    expect(page.bought).toEqual(backTo(44, 103));
    expect(rest.bought).toEqual(backTo(1, 43));
    expect([page.hasNextPage, rest.hasNextPage]).toEqual([true, false]);
    // 34 of each three leave 3, and one more leaves 1.
    expect(page.prepaidPoints).toBe(103);
  });

  it('takes a brand from its invitation to LIVE and to its first purchase', async () => {
    const admin = adminViewer();
    const invited = await ask(
      admin,
      `mutation { invitePartner(input: { code: "CARS", name: "Cars", kind: MOBILITY, contactEmail: "it@cars.example" }) {
        partner { id status } userErrors { code } } }`,
    );
    const { partner } = invited.data!['invitePartner'] as {
      partner: { id: string; status: string };
    };
    expect(partner.status).toBe('DRAFT');

    const refused = await ask(
      admin,
      `mutation($id: ID!) { activatePartner(id: $id) {
      partner { id } userErrors { code path details { subject } } } }`,
      partner,
    );
    expect(refused.data).toEqual({
      activatePartner: {
        partner: null,
        userErrors: [
          {
            code: 'NOT_ALLOWED',
            path: ['id'],
            details: {
              subject:
                'CONTRACT, EARN_RULES, API_CLIENT, WEBHOOK, SANDBOX_ACTIVITY, SANDBOX_REDEMPTION',
            },
          },
        ],
      },
    });

    const signed = await ask(
      admin,
      `mutation($id: ID!) { signContract(partnerId: $id, input: {
      validFrom: "2020-01-01", currency: "EUR", issuePrice: "0.0120", redemptionRate: "0.0080" }) {
      partner { status contract { backdateDays } } userErrors { code } } }`,
      partner,
    );
    expect(signed.data).toEqual({
      signContract: {
        partner: { status: 'SANDBOX', contract: { backdateDays: 180 } },
        userErrors: [],
      },
    });

    const drafted = await ask(
      admin,
      `mutation($id: ID!) { draftRuleSet(partnerId: $id, rules: [
      { code: "BASE", name: "Base", earn: { spend: "1" } },
      { code: "FIRST", name: "Welcome", when: "activity.amount >= dec(\\"50\\")", earn: { fixed: 500 } },
      { code: "COFFEE", name: "Tenth coffee", when: "item.category == \\"coffee\\"",
        awards: SPENDABLE, roundedPer: ITEM, earn: { stamp: { code: "COFFEE", stamps: 10, points: 250 } },
        caps: [{ points: 500, per: MONTH }] }]) {
      ruleSet { id status rules { code stackingGroup awards roundedPer base { tax shipping }
        earn { spend fixed stamp { stamps points } } caps { points per mode } } } userErrors { code path message } } }`,
      partner,
    );
    const { ruleSet } = drafted.data!['draftRuleSet'] as {
      ruleSet: { id: string; status: string; rules: object[] };
    };
    expect(ruleSet).toMatchObject({ status: 'DRAFT', rules: { length: 3 } });
    expect(ruleSet.rules[2]).toEqual({
      code: 'COFFEE',
      stackingGroup: null,
      awards: 'SPENDABLE',
      roundedPer: 'ITEM',
      base: { tax: true, shipping: false },
      earn: { spend: null, fixed: null, stamp: { stamps: 10, points: 250 } },
      caps: [{ points: 500, per: 'MONTH', mode: 'CLIP' }],
    });
    const published = await ask(
      admin,
      `mutation($id: ID!) { publishRuleSet(id: $id, validFrom: "2020-01-01T00:00:00Z") {
      ruleSet { status } userErrors { code } } }`,
      ruleSet,
    );
    expect(published.data).toEqual({
      publishRuleSet: { ruleSet: { status: 'PUBLISHED' }, userErrors: [] },
    });

    const made = await ask(
      admin,
      `mutation($id: ID!) { createApiClient(input: {
      partnerId: $id, name: "App", scopes: [ACCRUALS_WRITE], idempotencyKey: "app" }) {
      client { clientId sandbox } clientSecret userErrors { code } } }`,
      partner,
    );
    expect(made.data!['createApiClient']).toMatchObject({
      client: { sandbox: false },
      userErrors: [],
    });

    await givenTried(test, partner.id);
    const live = await ask(
      admin,
      `mutation($id: ID!) { activatePartner(id: $id) {
      partner { status onboarding { readyForLive } } userErrors { code } } }`,
      partner,
    );
    expect(live.data).toEqual({
      activatePartner: {
        partner: { status: 'LIVE', onboarding: { readyForLive: true } },
        userErrors: [],
      },
    });

    await givenConsent(test, ada, partner.id);
    const till = partnerViewer(partner.id, ['ACCRUALS_WRITE']);
    const recorded = await ask(
      till,
      `mutation($member: ID!, $at: DateTime!) { recordActivity(input: {
      member: { id: $member }, kind: PURCHASE, reference: "ride-1", occurredAt: $at,
      amount: { amount: "50.00", currency: "EUR" } }) {
      activity { points status partner { code } explanation { rule points } } userErrors { code message } } }`,
      { member: ada, at: new Date().toISOString() },
    );
    expect(recorded.data).toEqual({
      recordActivity: {
        activity: {
          points: 550,
          status: 'POSTED',
          partner: { code: 'CARS' },
          explanation: [
            { rule: 'BASE', points: 50 },
            { rule: 'FIRST', points: 500 },
            { rule: 'COFFEE', points: 0 },
          ],
        },
        userErrors: [],
      },
    });
  });

  it('tells what is earned of a partner’s own currency', async () => {
    const air = await givenPartner(test, { code: 'OWNAIR', name: 'Own Air' });
    const currency = await givenCurrency(test, air);
    await givenRules(
      test.db('partners'),
      air,
      [aPointAUnit, { code: 'OWN', name: 'Own', earn: { spend: '0.5' }, currency }],
      new Date('2021-01-01T00:00:00Z'),
    );
    await givenConsent(test, ada, air);
    const till = partnerViewer(air, ['ACCRUALS_WRITE', 'RULES_MANAGE']);
    const amount = { amount: '30.00', currency: 'EUR' };
    const items = [{ sku: 'S', quantity: 1, amount: { ...amount, amount: '20.00' } }];
    const occurredAt = new Date().toISOString();
    const bought = { member: { id: ada }, kind: 'PURCHASE', reference: 'own-1', occurredAt };
    const awarded = [
      { currency: 'PTS', points: 30 },
      { currency, points: 15 },
    ];
    const lines = [
      { rule: 'BASE', currency: null },
      { rule: 'OWN', currency },
    ];

    const simulated = await ask(
      till,
      `query($input: ActivityInput!) { simulateActivity(input: $input) {
        points awarded { currency points } explanation { rule currency } } }`,
      { input: { ...bought, amount, items } },
    );
    expect(simulated.data).toEqual({
      simulateActivity: { points: 30, awarded, explanation: lines },
    });
    const preview = await ask(
      anonymous,
      `query($input: PointsPreviewInput!) { previewPoints(input: $input) {
        points awarded { currency points } summary } }`,
      { input: { partnerId: air, kind: 'PURCHASE', amount } },
    );
    const summary = ['A point a unit: 30 points', `Own: 15 ${currency}`];
    expect(preview.data).toEqual({ previewPoints: { points: 30, awarded, summary } });
    const recorded = await ask(
      till,
      `mutation($input: ActivityInput!) { recordActivity(input: $input) { activity {
        points awarded { currency points } items { awarded { currency points } } } } }`,
      { input: { ...bought, amount, items } },
    );
    const ofItem = [
      { currency: 'PTS', points: 20 },
      { currency, points: 10 },
    ];
    expect(recorded.data).toEqual({
      recordActivity: { activity: { points: 30, awarded, items: [{ awarded: ofItem }] } },
    });
    const rules = await ask(
      till,
      '{ partner(code: "OWNAIR") { ruleSets(first: 1) { nodes { rules { code currency } } } } }',
    );
    expect(rules.data).toMatchObject({
      partner: {
        ruleSets: { nodes: [{ rules: lines.map(({ rule, ...of }) => ({ code: rule, ...of })) }] },
      },
    });
  });

  it('tells how members earn, what a purchase would earn, and how full their cards are', async () => {
    const cafe = await givenPartner(test, {
      code: 'CAFE',
      name: 'Café',
      rules: [
        { code: 'BASE', name: 'Always', earn: { spend: '1' } },
        {
          code: 'TENTH',
          name: 'Tenth coffee',
          when: 'item.category == "coffee"',
          earn: { stamp: { code: 'COFFEE', stamps: 10, points: 250n } },
        },
      ],
    });
    await givenConsent(test, ada, cafe);
    const till = partnerViewer(cafe, ['ACCRUALS_WRITE']);
    const bought = (quantity: number) => ({
      member: { id: ada },
      kind: 'PURCHASE',
      reference: `cups-${quantity}`,
      occurredAt: new Date().toISOString(),
      amount: { amount: '30.00', currency: 'EUR' },
      items: [
        { sku: 'CUP', category: 'coffee', quantity, amount: { amount: '20.00', currency: 'EUR' } },
      ],
    });

    expect((await ask(anonymous, '{ partner(code: "CAFE") { earningSummary } }')).data).toEqual({
      partner: {
        earningSummary: ['Always: 1 point for each EUR', 'Tenth coffee: 250 points for 10 stamps'],
      },
    });
    const asked = `query($input: ActivityInput!) { simulateActivity(input: $input) {
      points explanation { rule points } userErrors { code path } } }`;
    expect((await ask(till, asked, { input: bought(10) })).data).toEqual({
      simulateActivity: {
        points: 280,
        explanation: [
          { rule: 'BASE', points: 30 },
          { rule: 'TENTH', points: 250 },
        ],
        userErrors: [],
      },
    });
    const wrong = { ...bought(1), reference: '' };
    expect((await ask(till, asked, { input: wrong })).data).toEqual({
      simulateActivity: {
        points: null,
        explanation: null,
        userErrors: [{ code: 'INVALID', path: ['reference'] }],
      },
    });
    const recorded = await ask(
      till,
      `mutation($input: ActivityInput!) { recordActivity(input: $input) {
        activity { points items { line sku quantity amount { amount } points } } userErrors { code } } }`,
      { input: bought(3) },
    );
    expect(recorded.data).toEqual({
      recordActivity: {
        activity: {
          points: 30,
          items: [{ line: '1', sku: 'CUP', quantity: 3, amount: { amount: '20.00' }, points: 20 }],
        },
        userErrors: [],
      },
    });
    const cards = `query($id: ID!) { _entities(representations: [{ __typename: "Member", id: $id }]) {
      ... on Member { stampCards { code name current target points partner { code } } } } }`;
    const card = { code: 'COFFEE', name: 'Tenth coffee', current: 3, target: 10, points: 250 };
    expect((await ask(memberViewer(ada), cards, { id: ada })).data).toEqual({
      _entities: [{ stampCards: [{ ...card, partner: { code: 'CAFE' } }] }],
    });
    expect((await ask(till, cards, { id: ada })).data).toEqual({
      _entities: [{ stampCards: null }],
    });
  });

  it('answers a batch in its order, each with its own activity or refusal', async () => {
    const till = partnerViewer(shop, ['ACCRUALS_WRITE']);
    const one = (reference: string, amount: string, member = ada) => ({
      member: { id: member },
      kind: 'PURCHASE',
      reference,
      occurredAt: new Date().toISOString(),
      amount: { amount, currency: 'EUR' },
    });
    const batch = `mutation($inputs: [ActivityInput!]!) { recordActivities(inputs: $inputs) {
      activity { reference points } userErrors { code path } } }`;
    const inputs = [
      one('batch-1', '10.50'),
      one('batch-2', '10.50', randomUUID()),
      one('batch-3', '7.00'),
      one('r-1', '7.00'),
    ];

    const { data } = await ask(till, batch, { inputs });
    const tooMany = await ask(till, batch, {
      inputs: Array.from({ length: 501 }, (_, i) => one(`many-${i}`, '1')),
    });

    expect(data!['recordActivities']).toEqual([
      { activity: { reference: 'batch-1', points: 10 }, userErrors: [] },
      { activity: null, userErrors: [{ code: 'NOT_FOUND', path: ['member'] }] },
      { activity: { reference: 'batch-3', points: 7 }, userErrors: [] },
      { activity: null, userErrors: [{ code: 'IDEMPOTENCY_MISMATCH', path: ['reference'] }] },
    ]);
    expect(tooMany).toEqual({ data: { recordActivities: null }, code: 'BAD_USER_INPUT' });
  });

  it('shows a brand’s face and particulars to everyone, each under its type', async () => {
    const airline = await givenPartner(test, { code: 'AIR', kind: 'AIRLINE' });
    const update = `mutation($id: ID!, $input: UpdatePartnerInput!) {
      updatePartner(id: $id, input: $input) { partner { details { __typename } } userErrors { code path } }
    }`;
    const change = async (id: string, input: object) =>
      (await ask(adminViewer(), update, { id, input })).data!['updatePartner'];
    const fare = { cabin: 'FIRST', bookingClasses: ['F'], rate: '2.5' };
    const brandColor = '#102030';
    const answers = [
      await change(airline, { airline: { iataCode: 'HL', earnChart: [fare] }, brandColor }),
      await change(shop, { retailer: { productCategories: ['Books'] } }),
      await change(hotel, { hotel: { properties: 3, excludedRatePlans: ['OTA'] } }),
      await change(hotel, { airline: { iataCode: 'HL' } }),
    ];

    expect(answers).toEqual([
      { partner: { details: { __typename: 'AirlineDetails' } }, userErrors: [] },
      { partner: { details: { __typename: 'RetailerDetails' } }, userErrors: [] },
      { partner: { details: { __typename: 'HotelDetails' } }, userErrors: [] },
      { partner: null, userErrors: [{ code: 'INVALID', path: ['airline'] }] },
    ]);
    const read = `query($id: ID) { partner(id: $id) { brandColor logoUrl details {
      ... on AirlineDetails { iataCode alliance earnChart { cabin bookingClasses rate } }
      ... on HotelDetails { chainCode properties excludedRatePlans }
      ... on RetailerDetails { productCategories stores }
    } } }`;
    for (const viewer of [anonymous, memberViewer(ada), partnerViewer(shop)]) {
      expect((await ask(viewer, read, { id: airline })).data).toEqual({
        partner: {
          brandColor,
          logoUrl: null,
          details: { iataCode: 'HL', alliance: null, earnChart: [fare] },
        },
      });
      expect((await ask(viewer, read, { id: hotel })).data).toMatchObject({
        partner: { details: { chainCode: null, properties: 3, excludedRatePlans: ['OTA'] } },
      });
    }
    await change(shop, { retailer: null });
    expect((await ask(anonymous, read, { id: shop })).data).toMatchObject({
      partner: { details: null },
    });
  });

  it('registers a webhook, and shows it with its deliveries to its partner and staff alone', async () => {
    const made = await ask(
      partnerViewer(shop, ['WEBHOOKS_MANAGE']),
      `mutation($id: ID!) { registerWebhook(input: { partnerId: $id, events: [TEST, MEMBER_ERASED],
        url: "https://93.184.215.14/hook", idempotencyKey: "hook" }) {
        secret webhook { id sandbox enabled } userErrors { code } } }`,
      { id: shop },
    );
    expect(made.data!['registerWebhook']).toMatchObject({
      secret: expect.stringMatching(/^whsec_/) as string,
      webhook: { sandbox: false, enabled: true },
      userErrors: [],
    });
    const { id } = (made.data!['registerWebhook'] as { webhook: { id: string } }).webhook;
    const tested = await ask(
      partnerViewer(shop, ['WEBHOOKS_MANAGE']),
      `mutation($id: ID!) { testWebhook(id: $id) { secret webhook { id } userErrors { code } } }`,
      { id },
    );
    expect(tested.data).toEqual({ testWebhook: { secret: null, webhook: { id }, userErrors: [] } });

    const query = `query($id: ID) { partner(id: $id) { webhooks { id events
      all: deliveries { nodes { event status attempts deliveredAt responseStatus } }
      dead: deliveries(status: DEAD) { nodes { id } } } } }`;
    const delivery = { event: 'TEST', status: 'WAITING', attempts: 0 };
    const nodes = [{ ...delivery, deliveredAt: null, responseStatus: null }];
    const webhooks = [
      { id, events: ['MEMBER_ERASED', 'TEST'], all: { nodes }, dead: { nodes: [] } },
    ];
    for (const viewer of [partnerViewer(shop), adminViewer()]) {
      expect((await ask(viewer, query, { id: shop })).data).toEqual({ partner: { webhooks } });
    }
    for (const viewer of [anonymous, memberViewer(ada), partnerViewer(hotel)]) {
      expect((await ask(viewer, query, { id: shop })).data).toEqual({
        partner: { webhooks: null },
      });
    }
  });

  it.each([
    [
      'recordActivity(input: { member: {}, kind: PURCHASE, reference: "x", occurredAt: "2026-01-01T00:00:00Z" })',
      'ACCRUALS_WRITE',
    ],
    ['recordActivities(inputs: [])', 'ACCRUALS_WRITE'],
    ['draftRuleSet(partnerId: "x", rules: [])', 'RULES_MANAGE'],
    [
      'createApiClient(input: { partnerId: "x", name: "x", scopes: [], idempotencyKey: "x" })',
      'CLIENTS_MANAGE',
    ],
    ['rotateApiClient(clientId: "x")', 'CLIENTS_MANAGE'],
    ['revokeApiClient(clientId: "x")', 'CLIENTS_MANAGE'],
    [
      'registerWebhook(input: { partnerId: "x", url: "x", events: [TEST], idempotencyKey: "x" })',
      'WEBHOOKS_MANAGE',
    ],
    ['updateWebhook(id: "x", input: {})', 'WEBHOOKS_MANAGE'],
    ['rotateWebhookSecret(id: "x")', 'WEBHOOKS_MANAGE'],
    ['testWebhook(id: "x")', 'WEBHOOKS_MANAGE'],
    ['removeWebhook(id: "x")', 'WEBHOOKS_MANAGE'],
    ['redeliverWebhook(deliveryId: "x")', 'WEBHOOKS_MANAGE'],
    ['updatePartner(id: "x", input: {})', 'RULES_MANAGE'],
    ['activatePartner(id: "x")', null],
    ['suspendPartner(id: "x", reason: "x")', null],
    ['terminatePartner(id: "x", on: "2026-01-01", reason: "x")', null],
    ['publishRuleSet(id: "x")', null],
  ] as const)('lets only those call %s whose token allows it', async (operation, scope) => {
    const call = async (viewer: Viewer) =>
      (await ask(viewer, `mutation { ${operation} { userErrors { code } } }`)).code;

    expect(await call(anonymous)).toBe('UNAUTHENTICATED');
    expect(await call(memberViewer(ada))).toBe('FORBIDDEN');
    expect(await call(adminViewer(['MEMBERS_SUPPORT']))).toBe('FORBIDDEN');
    expect(await call(partnerViewer(shop, ['BALANCES_READ']))).toBe('FORBIDDEN');
    expect(await call(partnerViewer(shop, [scope ?? 'RULES_MANAGE']))).toBe(
      scope ? undefined : 'FORBIDDEN',
    );
  });
});
