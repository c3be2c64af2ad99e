import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { Offer, OfferBudget } from '../../../subgraphs/partners/entities.ts';
import { activateOffer } from '../../../subgraphs/partners/offers/activations.ts';
import {
  type CreateOffer,
  createOffer,
  endOffer,
  publishOffer,
  statusOf,
  updateOffer,
} from '../../../subgraphs/partners/offers/offers.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { statementsHeard } from '../../support/statements.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { anOffer, givenOffer, givenSegment } from '../../support/given-offers.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { givenTiers } from '../../support/given-tiers.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const at = (instant: string) => new SetClock(new Date(instant));
const [may, june, july] = [at('2026-05-01'), at('2026-06-15T10:00:00Z'), at('2026-07-01')];
const staff = { viewer: adminViewer(), clock: may };

describe('a campaign', () => {
  let partnerId: string;
  let brand: Viewer;
  beforeAll(async () => {
    await givenTiers(test);
    await givenSegment(test, 'LAPSED', []);
  });
  beforeEach(async () => {
    partnerId = await givenPartner(test);
    brand = partnerViewer(partnerId, ['RULES_MANAGE']);
  });
  const create = (more: Partial<CreateOffer> = {}, viewer = brand) =>
    createOffer(db(), anOffer(partnerId, more), { viewer, clock: may });
  const publish = (id: string, viewer = brand, clock = may) =>
    publishOffer(db(), { id }, { viewer, clock });
  const stored = () => db().findBy(Offer, { partnerId });
  const acts = async (subjectId: string) =>
    (
      await rows<{ action: string }>(
        test.owner(),
        'SELECT action FROM platform.audit_event WHERE subject_id = $1 ORDER BY sequence',
        [subjectId],
      )
    ).map(({ action }) => action);

  it('goes from draft to its end by the clock', async () => {
    const { id } = await create();
    const draft = await db().findOneByOrFail(Offer, { id });
    expect(statusOf(draft, june.at)).toBe('DRAFT');

    const offer = await publish(id);

    expect(
      [
        '2026-05-31T23:59:59.999Z',
        '2026-06-01T00:00:00Z',
        '2026-06-30T23:59:59.999Z',
        '2026-07-01',
      ].map((instant) => statusOf(offer, new Date(instant))),
    ).toEqual(['SCHEDULED', 'ACTIVE', 'ACTIVE', 'ENDED']);
  });

  it('is what its last version says, and never changes once it is published', async () => {
    const { id } = await create({ optIn: true, budget: 500n, tiers: ['GOLD'] });
    const input = anOffer(partnerId, { title: 'Late summer', segments: ['LAPSED'] });

    await updateOffer(db(), { id, input }, { viewer: brand, clock: may });
    const published = await publish(id);

    expect(published).toMatchObject({
      title: 'Late summer',
      version: 2,
      optIn: false,
      budget: null,
      tiers: [],
      segments: ['LAPSED'],
      publishedAt: may.at,
    });
    await expect(
      updateOffer(db(), { id, input: { ...input, title: 'No' } }, { viewer: brand, clock: may }),
    ).rejects.toEqual(refusal('NOT_ALLOWED', ['id']));
    expect(await stored()).toEqual([published]);
    expect(await acts(id)).toEqual(['createOffer', 'updateOffer', 'publishOffer']);
  });

  it('is overwritten and published by the version that the caller has read, by one of many', async () => {
    const { id } = await create();
    const update = (title: string, expectedVersion: number | null, viewer = brand) =>
      updateOffer(
        db(),
        { id, input: anOffer(partnerId, { title }), expectedVersion },
        { viewer, clock: may },
      );

    const { answers, reasons } = await race(db(), 4, (n) =>
      askAgain(() => update(`Draft ${n}`, 1)),
    );
    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(3).fill(refusal('CONFLICT', ['expectedVersion'])));
    await expect(update('Late', 1)).rejects.toEqual(refusal('CONFLICT', ['expectedVersion']));
    await expect(
      publishOffer(db(), { id, expectedVersion: 1 }, { viewer: brand, clock: may }),
    ).rejects.toEqual(refusal('CONFLICT', ['expectedVersion']));
    expect(await stored()).toEqual(answers);

    const published = { id, expectedVersion: 2 };
    const first = await publishOffer(db(), published, { viewer: brand, clock: may });
    expect(await publishOffer(db(), published, { viewer: brand, clock: june })).toEqual(first);
    expect(await acts(id)).toEqual(['createOffer', 'updateOffer', 'publishOffer']);
  });

  it('is not overwritten by whoever names no version, unless it is their own', async () => {
    const { id } = await create();
    const update = (title: string, viewer: Viewer, expectedVersion?: number) =>
      updateOffer(
        db(),
        { id, input: anOffer(partnerId, { title }), expectedVersion },
        { viewer, clock: may },
      );
    const colleague = { ...brand, subject: 'another client' };

    expect((await update('Mine', brand)).version).toBe(2);
    for (const other of [colleague, adminViewer()]) {
      await expect(update('Unseen', other)).rejects.toEqual(
        refusal('CONFLICT', ['expectedVersion']),
      );
    }
    expect(await stored()).toMatchObject([{ title: 'Mine', version: 2 }]);
    expect((await update('Seen', colleague, 2)).version).toBe(3);
    await expect(update('Mine again', brand)).rejects.toEqual(
      refusal('CONFLICT', ['expectedVersion']),
    );
    expect((await update('Still theirs', colleague)).version).toBe(4);
  });

  it('ends at once, and once', async () => {
    const { id } = await givenOffer(test, partnerId);
    const end = (clock: SetClock) => endOffer(db(), { id }, { viewer: brand, clock });

    const ended = await end(june);

    expect(ended).toMatchObject({ endedAt: june.at, endsAt: july.at });
    expect(statusOf(ended, june.at)).toBe('ENDED');
    expect((await end(july)).endedAt).toEqual(june.at);
    expect(await acts(id)).toEqual(['createOffer', 'publishOffer', 'endOffer']);
    // One whose time is over has nothing to end.
    const { id: over } = await givenOffer(test, partnerId);
    expect((await endOffer(db(), { id: over }, { viewer: brand, clock: july })).endedAt).toBeNull();
  });

  it('is published once, with one budget in each half of the world, by many at once', async () => {
    const { id } = await create({ budget: 500n });

    const { answers, reasons } = await race(db(), 6, () => askAgain(() => publish(id)));

    expect(reasons).toEqual([]);
    expect(new Set(answers.map(({ publishedAt }) => publishedAt!.getTime())).size).toBe(1);
    expect(await db().findBy(OfferBudget, { offerId: id })).toHaveLength(2);
    expect(await acts(id)).toEqual(['createOffer', 'publishOffer']);
  });

  it.each<[string, Partial<CreateOffer>, string[]]>([
    ['an end before its start', { endsAt: new Date('2026-06-01') }, ['endsAt']],
    ['more than five years', { endsAt: new Date('2031-06-01T00:00:00.001Z') }, ['endsAt']],
    ['no rules', { rules: [] }, ['rules']],
    [
      'a rule that does not parse',
      { rules: [{ code: 'A', name: 'A', earn: { fixed: 1n }, when: 'activity.' }] },
      ['rules', '0', 'when'],
    ],
    ['a tier that is none', { tiers: ['GOLD', 'GLOD'] }, ['tiers', '1']],
    ['a segment that is none', { segments: ['NOBODY'] }, ['segments', '0']],
    ['a tier twice', { tiers: ['GOLD', 'GOLD'] }, ['tiers', '1']],
    ['no budget to speak of', { budget: 0n }, ['budget']],
    ['shares of less than all', { funding: [{ share: '0.999999999999' }] }, ['funding']],
    [
      'a share of nothing',
      { funding: [{ share: '1' }, { share: '0' }] },
      ['funding', '1', 'share'],
    ],
    [
      'points of the partner’s own currency',
      { rules: [{ code: 'MILES', name: 'Miles', earn: { fixed: 5n }, currency: 'MILES' }] },
      ['rules', '0', 'currency'],
    ],
    [
      'somebody who takes no part',
      { funding: [{ share: '1', partnerId: randomUUID() }] },
      ['funding', '0', 'partnerId'],
    ],
    [
      'somebody twice',
      { funding: [{ share: '0.5' }, { share: '0.5' }] },
      ['funding', '1', 'partnerId'],
    ],
  ])('is refused with %s', async (_, more, path) => {
    await expect(create(more)).rejects.toEqual(refusal('INVALID', path));

    expect(await stored()).toEqual([]);
  });

  it('belongs to its brand: for another one it is not there', async () => {
    const { id } = await create();
    const other = partnerViewer(await givenPartner(test), ['RULES_MANAGE']);
    const by = { viewer: other, clock: may };
    const input = anOffer(partnerId);

    await expect(createOffer(db(), input, by)).rejects.toEqual(refusal('NOT_FOUND', ['partnerId']));
    const moved = updateOffer(db(), { id, input: anOffer(other.partnerId!) }, staff);
    await expect(moved).rejects.toEqual(refusal('INVALID', ['partnerId']));
    for (const call of [
      () => updateOffer(db(), { id, input: { ...input, title: 'Mine' } }, by),
      () => publishOffer(db(), { id }, by),
      () => endOffer(db(), { id }, by),
    ]) {
      await expect(call()).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    }
    const trial = { viewer: { ...brand, sandbox: true }, clock: may };
    await expect(publishOffer(db(), { id }, trial)).rejects.toEqual(refusal('NOT_ALLOWED'));
    expect(await stored()).toMatchObject([{ title: 'Summer', publishedAt: null }]);
  });

  it('is published by staff alone where others pay a share', async () => {
    const other = await givenPartner(test);
    const shares = [
      { share: '0.5' },
      { partnerId: other, share: '0.25' },
      { partnerId, share: '0.25' },
    ];
    const { id } = await create({ funding: shares });

    await expect(publish(id)).rejects.toEqual(refusal('NOT_ALLOWED', ['id']));
    expect(await stored()).toMatchObject([{ publishedAt: null }]);

    expect((await publish(id, adminViewer())).funding).toEqual([
      { partnerId: null, share: '0.5' },
      ...shares.slice(1),
    ]);
    const alone = await create({ funding: [{ partnerId, share: '1.0' }] });
    expect((await publish(alone.id)).publishedAt).toEqual(may.at);
  });

  it('is not published after its time, nor as one of too many, nor is a draft ended', async () => {
    const { id } = await create();

    await expect(publish(id, brand, july)).rejects.toEqual(refusal('EXPIRED', ['id']));
    await expect(endOffer(db(), { id }, { viewer: brand, clock: june })).rejects.toEqual(
      refusal('NOT_ALLOWED', ['id']),
    );
    const drafts = await Promise.all(Array.from({ length: 21 }, () => create()));
    const { answers, reasons } = await race(db(), 21, (n) =>
      askAgain(() => publish(drafts[n]!.id)),
    );
    expect([answers.length, reasons]).toEqual([20, [refusal('LIMIT_REACHED', ['id'])]]);
    // One that has ended leaves its place.
    await endOffer(db(), { id: answers[0]!.id }, staff);
    expect((await publish(id, brand, june)).publishedAt).toEqual(june.at);
  });
});

describe('activateOffer', () => {
  const activations = (offerId: string) =>
    rows<{ at: Date }>(
      test.owner(),
      'SELECT activated_at AS at FROM partners.offer_activation WHERE offer_id = $1',
      [offerId],
    );
  const activate = (id: string, memberId: string, clock = june) =>
    activateOffer(db(), { id }, { memberId, clock });

  it('opts a member in once, however often and by how many calls', async () => {
    const { id } = await givenOffer(test, await givenPartner(test), { optIn: true });
    const memberId = await givenMember(test);

    const { reasons } = await race(db(), 5, () => activate(id, memberId));

    expect(reasons).toEqual([]);
    // Also when it is over: it was done.
    expect((await activate(id, memberId, july)).id).toBe(id);
    expect(await activations(id)).toEqual([{ at: june.at }]);
  });

  it('has nothing to do where an offer asks for no opting in', async () => {
    const { id } = await givenOffer(test, await givenPartner(test));

    expect((await activate(id, await givenMember(test))).id).toBe(id);
    expect(await activations(id)).toEqual([]);
  });

  it('is refused for what is hidden, over, or for others', async () => {
    const [partnerId, gone] = [await givenPartner(test), await givenPartner(test)];
    const [memberId, closed] = [await givenMember(test), await givenMember(test)];
    await rows(test.owner(), `UPDATE members.member SET status = 'SUSPENDED' WHERE id = $1`, [
      closed,
    ]);
    const optIn = { optIn: true };
    const open = await givenOffer(test, partnerId, optIn);
    const golden = await givenOffer(test, partnerId, { ...optIn, tiers: ['GOLD'] });
    const lapsed = await givenOffer(test, partnerId, { ...optIn, segments: ['LAPSED'] });
    const orphan = await givenOffer(test, gone, optIn);
    const draft = await createOffer(db(), anOffer(partnerId, optIn), staff);
    const never = await givenOffer(test, partnerId, optIn);
    await endOffer(db(), { id: never.id }, { ...staff, clock: may });
    await givenStatus(test, gone, 'SUSPENDED');

    await expect(activate(open.id, memberId, may)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(activate(open.id, memberId, july)).rejects.toEqual(refusal('EXPIRED', ['id']));
    await expect(activate(open.id, closed)).rejects.toEqual(refusal('MEMBER_INACTIVE'));
    await expect(activate(golden.id, memberId)).rejects.toEqual(refusal('NOT_ELIGIBLE', ['id']));
    for (const { id } of [lapsed, orphan, draft, never, { id: randomUUID() }]) {
      await expect(activate(id, memberId)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    }
    for (const { id } of [open, golden, lapsed, orphan]) expect(await activations(id)).toEqual([]);
  });
});

describe('offers in the graph', () => {
  let subgraph: Subgraph;
  const { ask, codeOf } = callsOf(() => subgraph);
  let partnerId: string;
  let ada: string;
  let ben: string;
  beforeAll(async () => {
    // What stood for the tests before.
    await rows(test.owner(), 'TRUNCATE partners.offer CASCADE');
    subgraph = await start(configOn(test), testPlatform(june));
    partnerId = await givenPartner(test, { code: 'SHOP' });
    [ada, ben] = [await givenMember(test), await givenMember(test)];
    await givenSegment(test, 'LAPSED', [ada]);
    const offer = (title: string, more: Partial<CreateOffer> = {}) =>
      givenOffer(test, partnerId, { title, ...more });
    const [early, late] = ['2026-05-15', '2026-06-20'].map((day) => new Date(day));
    await offer('All', {
      optIn: true,
      budget: 500n,
      funding: [{ share: '0.4' }, { partnerId, share: '0.6' }],
      rules: [
        {
          code: 'MORE',
          name: 'More',
          earn: { spend: '0.50' },
          caps: [{ points: 90n, per: 'EVER' }],
        },
        { code: 'TRIPLE', name: 'Triple points', earn: { multiplier: '3' } },
        { code: 'TIER', name: 'Status', earn: { fixed: 9n }, awards: 'QUALIFYING' },
      ],
    });
    await offer('Lapsed', { segments: ['LAPSED'], startsAt: early! });
    await offer('Gold', { tiers: ['GOLD'], startsAt: new Date('2026-05-02') });
    await offer('Soon', { startsAt: late! });
    const over = await offer('Over', { startsAt: new Date('2026-05-03') });
    await endOffer(db(), { id: over.id }, { ...staff, clock: at('2026-06-14') });
    const never = await offer('Never', { startsAt: new Date('2026-06-10') });
    await endOffer(db(), { id: never.id }, { ...staff, clock: at('2026-06-09') });
    await createOffer(db(), anOffer(partnerId, { title: 'Draft' }), staff);
    const gone = await givenPartner(test);
    await givenOffer(test, gone, { title: 'Gone' });
    await givenStatus(test, gone, 'SUSPENDED');
  });
  afterAll(() => subgraph.drain());

  type Listed = { offers: { nodes: { title: string }[] } };
  const titles = ({ offers }: Listed) => offers.nodes.map(({ title }) => title);
  const list = async (viewer: Viewer, status = 'null') => {
    const asked = `(partnerId: "${partnerId}", status: ${status}) { nodes { title } }`;
    return titles(await ask<Listed>(viewer, `{ offers${asked} }`));
  };

  it('are shown to those whom they are for, drafts and what is to come to their brand', async () => {
    const all = ['Soon', 'Never', 'All', 'Draft', 'Lapsed', 'Over', 'Gold'];
    const stranger = partnerViewer(await givenPartner(test));

    for (const viewer of [anonymous, memberViewer(ben), stranger]) {
      expect(await list(viewer)).toEqual(['All', 'Over', 'Gold']);
      expect(await list(viewer, 'ACTIVE')).toEqual(['All', 'Gold']);
      expect(await list(viewer, 'ENDED')).toEqual(['Over']);
      expect(await list(viewer, 'DRAFT')).toEqual([]);
      expect(titles(await ask<Listed>(viewer, '{ offers { nodes { title } } }'))).toEqual([
        'All',
        'Gold',
      ]);
    }
    expect(await list(memberViewer(ada), 'ACTIVE')).toEqual(['All', 'Lapsed', 'Gold']);
    for (const viewer of [partnerViewer(partnerId), adminViewer()]) {
      expect((await list(viewer)).sort()).toEqual([...all].sort());
      expect(await list(viewer, 'SCHEDULED')).toEqual(['Soon']);
      expect((await list(viewer, 'ENDED')).sort()).toEqual(['Never', 'Over']);
    }
    const own = '{ partner(code: "SHOP") { offers { nodes { title } } } }';
    const { partner } = await ask<{ partner: Listed }>(anonymous, own);
    expect(titles(partner)).toEqual(['All', 'Gold']);
  });

  it('are found one by one as in lists, by reference too', async () => {
    const found = await db().findBy(Offer, { partnerId });
    const query = `query($id: ID!, $of: [_Any!]!) {
      offer(id: $id) { title } _entities(representations: $of) { ... on Offer { title } } }`;
    const seen = async (viewer: Viewer) => {
      const each = await Promise.all(
        found.map(async ({ id, title }) => {
          const of = [{ __typename: 'Offer', id }];
          const { offer, _entities } = await ask<{ offer: unknown; _entities: unknown[] }>(
            viewer,
            query,
            { id, of },
          );
          expect(_entities).toEqual([offer]);
          return offer === null ? [] : [title];
        }),
      );
      return each.flat().sort();
    };

    expect(await seen(anonymous)).toEqual(['All', 'Gold', 'Over']);
    expect(await seen(memberViewer(ada))).toEqual(['All', 'Gold', 'Lapsed', 'Over']);
    expect(await seen(partnerViewer(partnerId))).toHaveLength(7);
    expect(await codeOf(anonymous, '{ offer(id: "x") { title } }')).toBe('BAD_USER_INPUT');
  });

  it('show their figures to their brand, how they earn to all, and progress to the member', async () => {
    const [{ id }] = (await db().findBy(Offer, { partnerId, title: 'All' })) as [Offer];
    const query = `{ offer(id: "${id}") { status version endsAt earningSummary segments budget spent
      rules { code } funding { partner { code } share } activated
      progress { current target remaining percent completedAt } } }`;
    const open = {
      status: 'ACTIVE',
      endsAt: '2026-07-01T00:00:00.000Z',
      earningSummary: [
        'Triple points: 3 times the points',
        'More: 0.5 points for each EUR on top, 90 points ever at most',
      ],
    };
    const figures = {
      version: 1,
      segments: [],
      budget: 500,
      spent: 0,
      rules: ['MORE', 'TRIPLE', 'TIER'].map((code) => ({ code })),
      funding: [
        { partner: null, share: '0.4' },
        { partner: { code: 'SHOP' }, share: '0.6' },
      ],
    };
    const hidden = {
      version: null,
      segments: null,
      budget: null,
      spent: null,
      rules: null,
      funding: null,
    };
    const own = { activated: null, progress: null };
    const progress = { current: 0, target: 90, remaining: 90, percent: 0, completedAt: null };

    expect(await ask(anonymous, query)).toEqual({ offer: { ...open, ...hidden, ...own } });
    for (const viewer of [partnerViewer(partnerId), adminViewer()]) {
      expect(await ask(viewer, query)).toEqual({ offer: { ...open, ...figures, ...own } });
    }
    expect(await ask(memberViewer(ada), query)).toEqual({
      offer: { ...open, ...hidden, activated: false, progress },
    });
  });

  it('are a member’s where they are open by tier and segment', async () => {
    const query = `query($id: ID!, $after: String) { _entities(representations: [{ __typename: "Member", id: $id }]) {
      ... on Member { offers(first: 1, after: $after) {
        nodes { title } pageInfo { hasNextPage endCursor } } } } }`;
    type Page = {
      nodes: { title: string }[];
      pageInfo: { hasNextPage: boolean; endCursor: string };
    };
    const listed = async (viewer: Viewer, id: string) => {
      const found: string[] = [];
      let after: string | null = null;
      for (;;) {
        type Asked = { _entities: { offers: Page | null }[] };
        const { _entities }: Asked = await ask<Asked>(viewer, query, { id, after });
        const page: Page | null = _entities[0]!.offers;
        if (!page) return null;
        found.push(...page.nodes.map(({ title }) => title));
        if (!page.pageInfo.hasNextPage) return found;
        after = page.pageInfo.endCursor;
      }
    };

    expect(await listed(memberViewer(ada), ada)).toEqual(['All', 'Lapsed']);
    expect(await listed(memberViewer(ben), ben)).toEqual(['All']);
    expect(await listed(adminViewer(['MEMBERS_SUPPORT']), ada)).toEqual(['All', 'Lapsed']);
    expect(await listed(memberViewer(ben), ada)).toBeNull();
  });

  it('are listed without a look at those that are over, however many', async () => {
    // Each began after those that run, and is over.
    await rows(
      test.owner(),
      `INSERT INTO partners.offer (id, partner_id, version, title, starts_at, ends_at, opt_in, tiers, segments,
         funding, rules, published_at, ended_at)
       SELECT gen_random_uuid(), partner_id, 1, 'Past', $2::timestamptz - n * interval '1 minute',
              $2::timestamptz - n * interval '1 second', false, '{}', '{}', '[]', rules, published_at, NULL
       FROM partners.offer CROSS JOIN generate_series(1, 2000) n WHERE partner_id = $1 AND title = 'Gold'`,
      [partnerId, june.at],
    );
    await rows(test.owner(), 'ANALYZE partners.offer');
    const asked = jest.spyOn(pg.Client.prototype, 'query');
    const ofMember = `{ _entities(representations: [{ __typename: "Member", id: "${ada}" }]) {
      ... on Member { offers { nodes { title } } } } }`;

    const { _entities } = await ask<{ _entities: Listed[] }>(memberViewer(ada), ofMember);
    const ofAll = await ask<Listed>(anonymous, '{ offers { nodes { title } } }');
    const ofPartner = [await list(anonymous, 'ACTIVE'), await list(adminViewer(), 'SCHEDULED')];

    const calls = statementsHeard(asked);
    asked.mockRestore();
    expect([titles(_entities[0]!), titles(ofAll), ...ofPartner]).toEqual([
      ['All', 'Lapsed'],
      ['All', 'Gold'],
      ['All', 'Gold'],
      ['Soon'],
    ]);
    const lists = calls.filter(([text]) => /FROM partners.offer"? (AS )?one/.test(text));
    expect(lists).toHaveLength(4);
    for (const [text, values] of lists) expect(await offersRead(text, values)).toBeLessThan(100);
  });

  /** How many offers a statement reads. */
  async function offersRead(text: string, values: unknown[]): Promise<number> {
    interface Node {
      'Relation Name'?: string;
      'Actual Rows': number;
      'Actual Loops': number;
      'Rows Removed by Filter'?: number;
      Plans?: Node[];
    }
    const readBy = (node: Node): number => {
      const each = node['Actual Rows'] + (node['Rows Removed by Filter'] ?? 0);
      const own = node['Relation Name'] === 'offer' ? each * node['Actual Loops'] : 0;
      return (node.Plans ?? []).reduce((sum, part) => sum + readBy(part), own);
    };
    const [found] = await rows<{ 'QUERY PLAN': [{ Plan: Node }] }>(
      test.owner(),
      `EXPLAIN (ANALYZE, FORMAT JSON) ${text}`,
      values,
    );
    return readBy(found!['QUERY PLAN'][0].Plan);
  }
});
