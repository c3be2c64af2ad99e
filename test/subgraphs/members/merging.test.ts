import { randomUUID } from 'node:crypto';
import {
  accruePoints,
  auditLedger,
  balancesOf,
  holdPoints,
  redeemPoints,
  reverseAccrual,
} from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { resolveMember } from '../../../platform/members.ts';
import { createPost } from '../../../subgraphs/community/posts.ts';
import { revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { Consent, Member, PartnerAccount } from '../../../subgraphs/members/entities.ts';
import { linkIdentifier } from '../../../subgraphs/members/identifiers/links.ts';
import { identifiersOf } from '../../../subgraphs/members/identifiers/lists.ts';
import { setMemberStatus } from '../../../subgraphs/members/membership/statuses.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { Activity } from '../../../subgraphs/partners/entities.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { Redemption } from '../../../subgraphs/rewards-catalog/entities.ts';
import { redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenHousehold } from '../../support/given-households.ts';
import {
  givenConsent,
  givenMember,
  givenMemberAt,
  givenProvisional,
} from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { anAccrual, aRedemption } from '../../support/given-points.ts';
import { type Prover, aProof, givenProver } from '../../support/given-proofs.ts';
import { givenReward } from '../../support/given-rewards.ts';
import { givenQualifying, givenTiers, standingAt } from '../../support/given-tiers.ts';
import { keptTexts } from '../../support/mail.ts';
import { gate } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';
import { until } from '../../support/until.ts';

describe('memberships that become one', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let partnerId: string;
  let prover: Prover;
  beforeAll(async () => {
    partnerId = await givenPartner(test);
    prover = await givenProver(test, partnerId);
  });

  const staff = (at?: Date) => ({
    viewer: adminViewer(),
    clock: at ? new SetClock(at) : databaseClock,
  });
  const merge = (fromId: string, intoId: string, at?: Date) =>
    mergeMembers(db(), { fromId, intoId, reason: 'One person' }, staff(at));
  const undo = (id: string, at?: Date) =>
    undoMerge(db(), { id, reason: 'Two after all' }, staff(at));
  const row = (id: string) => db().findOneByOrFail(Member, { id });
  const find = (ref: object) => resolveMember(db(), ref as never, { partnerId, sandbox: false });
  const pointsOf = async (memberId: string) => {
    const [balance] = await balancesOf(db(), [{ memberId, currency: 'PTS' }], new Date(), {});
    return balance!.available;
  };
  const spend = (memberId: string, points: bigint) => {
    const at = new Date();
    return redeemPoints(
      test.db('rewards-catalog'),
      aRedemption({ memberId, partnerId, points, at, effectiveAt: at }),
    );
  };
  /** A purchase of so much, by an account of the partner's. */
  const buy = (partnerAccount: string, amount: string) =>
    recordActivity(
      test.db('partners'),
      {
        member: { partnerAccount },
        kind: 'PURCHASE',
        reference: randomUUID(),
        occurredAt: new Date(),
        amount: { amount, currency: 'EUR' },
      },
      { viewer: partnerViewer(partnerId), clock: databaseClock },
    );
  const activitiesOf = async (memberId: string) =>
    (await test.db('partners').findBy(Activity, { memberId })).map(({ id, postedTo }) => ({
      id,
      postedTo,
    }));
  const postsOf = (memberId: string) =>
    rows(test.owner(), 'SELECT id FROM community.post WHERE member_id = $1', [memberId]);
  const link = async (memberId: string, value: string) => {
    const kind = 'PARTNER_ACCOUNT' as const;
    const proof = await aProof(prover, { kind, sub: value });
    const by = { memberId, clock: databaseClock, audience: testConfig().audience };
    return linkIdentifier(db(), { kind, value, partnerId, proof }, { ...by, texts: keptTexts() });
  };
  const forward = () => rows(test.db('worker'), 'SELECT members.forward_merged(100) AS count');
  const days = (count: number) => new Date(Date.now() + count * 86_400_000);

  /** Two memberships of one person, each with points, the one with history and links, too. */
  async function givenTwo() {
    const email = `${randomUUID()}@example.com`;
    const [from, into] = [
      await givenMemberAt(test, email),
      await givenMember(test, 10n, partnerId),
    ];
    const account = randomUUID();
    await link(from, account);
    await givenConsent(test, from, partnerId, ['EARN']);
    const { id: activityId } = await buy(account, '100.00');
    await createPost(
      test.db('community'),
      { kind: 'TIP', title: 'A tip', body: 'Hello', idempotencyKey: randomUUID() },
      { memberId: from, clock: databaseClock },
    );
    return { from, into, account, email, activityId };
  }

  describe('mergeMembers', () => {
    it('moves points, history and links, and leads whatever names the one to the other', async () => {
      const { from, into, account, email, activityId } = await givenTwo();
      const { memberNumber } = await row(from);

      const { mergeId, member } = await merge(from, into);

      expect(member.id).toBe(into);
      expect([await pointsOf(from), await pointsOf(into)]).toEqual([0n, 110n]);
      expect(await row(from)).toMatchObject({ status: 'CLOSED', mergedInto: into });
      for (const ref of [{ id: from }, { memberNumber }, { email }, { partnerAccount: account }]) {
        expect(await find(ref)).toBe(into);
      }
      expect(await activitiesOf(into)).toEqual([{ id: activityId, postedTo: from }]);
      expect(await postsOf(into)).toHaveLength(1);
      expect((await identifiersOf(db(), [into], new Date())).map(({ value }) => value)).toEqual(
        expect.arrayContaining([memberNumber, email, account]),
      );
      // The partner that the one trusted still records what the person buys.
      expect(await buy(account, '5.00')).toMatchObject({ memberId: into, points: 5n });

      expect(
        await rows(
          test.owner(),
          `SELECT action, reason FROM platform.audit_event WHERE subject_id = $1`,
          [from],
        ),
      ).toEqual([{ action: 'mergeMembers', reason: 'One person' }]);
      expect((await merge(from, into)).mergeId).toBe(mergeId);
    });

    it('refuses what cannot be, and changes nothing', async () => {
      const { from, into } = await givenTwo();
      const closed = await givenMember(test);
      await setMemberStatus(db(), { memberId: closed, status: 'CLOSED', reason: 'Gone' }, staff());
      const sandbox = await givenProvisional(test, partnerId, randomUUID(), true);

      for (const [one, other, code, path] of [
        [from, from, 'INVALID', 'intoId'],
        [randomUUID(), into, 'NOT_FOUND', 'fromId'],
        [from, randomUUID(), 'NOT_FOUND', 'intoId'],
        [sandbox, into, 'NOT_FOUND', 'fromId'],
        [closed, into, 'NOT_ALLOWED', 'fromId'],
        [from, closed, 'NOT_ALLOWED', 'intoId'],
      ] as const) {
        await expect(merge(one, other)).rejects.toEqual(refusal(code, [path]));
      }
      const spouse = await givenMember(test);
      await givenHousehold(test, [spouse]);
      await expect(merge(spouse, into)).rejects.toEqual(refusal('CONFLICT', ['fromId']));
      const at = new Date();
      const held = { memberId: from, key: randomUUID(), points: 1n, partnerId, at };
      await holdPoints(db(), { ...held, description: 'A till', expiresAt: days(1) });
      await expect(merge(from, into)).rejects.toEqual(refusal('CONFLICT'));
      expect(await row(from)).toMatchObject({ status: 'ACTIVE', mergedInto: null });
      expect(await activitiesOf(into)).toEqual([]);
      expect(await pointsOf(into)).toBe(10n);
    });

    it('happens once, one way, where it is asked for at once', async () => {
      const { from, into } = await givenTwo();

      const ended = await Promise.allSettled([
        merge(from, into),
        merge(from, into),
        merge(into, from),
      ]);

      const done = ended.filter((each) => each.status === 'fulfilled');
      expect(new Set(done.map(({ value }) => value.mergeId)).size).toBe(1);
      const points = new Set([await pointsOf(from), await pointsOf(into)]);
      expect(points).toEqual(new Set([0n, 110n]));
      const statuses = [(await row(from)).status, (await row(into)).status];
      expect(statuses.sort()).toEqual(['ACTIVE', 'CLOSED']);
    });

    it('lets a redemption at the same time have the points or not, never twice', async () => {
      const { from, into } = await givenTwo();

      await Promise.allSettled([merge(from, into), spend(from, 100n)]);

      const spent = await rows(
        test.owner(),
        `SELECT FROM ledger.transfer WHERE member_id = $1 AND kind = 'REDEMPTION'`,
        [from],
      );
      expect(await pointsOf(into)).toBe(spent.length === 1 ? 10n : 110n);
    });

    it('keeps what the other has decided about a partner', async () => {
      const { from, into } = await givenTwo();
      await givenConsent(test, into, partnerId, ['SPEND']);
      await revokeConsent(db(), { partnerId }, { memberId: into, clock: databaseClock });

      await merge(from, into);

      const consent = await db().findOneByOrFail(Consent, { memberId: into, partnerId });
      expect(consent).toMatchObject({ scopes: ['SPEND'], revokedAt: expect.any(Date) });
    });
  });

  it('gets what comes to the old account later: here a debt for what was returned', async () => {
    const { from, into, activityId } = await givenTwo();
    await merge(from, into);
    const [{ postedTo } = { postedTo: null }] = await activitiesOf(into);
    await reverseAccrual(test.db('partners'), {
      memberId: postedTo!,
      key: randomUUID(),
      accrualId: activityId,
      source: { kind: 'activity', id: activityId },
      description: 'Returned',
      at: new Date(),
      clawback: 'DEBT',
      debtLimit: 1_000n,
      risk: 'OPERATOR',
    });
    expect(await pointsOf(into)).toBe(110n);

    expect(await forward()).toEqual([{ count: 1 }]);
    expect(await pointsOf(into)).toBe(10n);
    expect(await forward()).toEqual([{ count: 0 }]);
  });

  it('gets what somebody wrote for the old one who had seen it active', async () => {
    const { from, into } = await givenTwo();
    const [written, merged] = [gate(), gate()];
    const writing = test.db('community').transaction(async (tx) => {
      await createPost(
        tx,
        { kind: 'TIP', title: 'Late', body: 'Hello', idempotencyKey: randomUUID() },
        { memberId: from, clock: databaseClock },
      );
      written.resolve();
      await merged.promise;
    });
    await written.promise;

    const { mergeId } = await merge(from, into);

    await forward();
    expect(await postsOf(into)).toHaveLength(1);
    merged.resolve();
    await writing;
    await until(async () => {
      await forward();
      return (await postsOf(into)).length === 2;
    });
    expect(await postsOf(from)).toEqual([]);
    await undo(mergeId);
    expect(await postsOf(from)).toHaveLength(2);
  });

  describe('undoMerge', () => {
    it('gives everything back, less what was spent', async () => {
      const { from, into, account, email, activityId } = await givenTwo();
      const { mergeId } = await merge(from, into);
      await spend(into, 30n);

      await undo(mergeId);
      await undo(mergeId);

      // Lots are spent in the order of their ends, and of two without one, the older first: the 10.
      expect([await pointsOf(from), await pointsOf(into)]).toEqual([80n, 0n]);
      expect(await row(from)).toMatchObject({ status: 'ACTIVE', mergedInto: null });
      expect(await find({ partnerAccount: account })).toBe(from);
      expect(await find({ email })).toBe(from);
      expect(await activitiesOf(from)).toEqual([{ id: activityId, postedTo: null }]);
      expect(await activitiesOf(into)).toEqual([]);
      expect(await postsOf(from)).toHaveLength(1);
      const trusted = await db().findOneByOrFail(Consent, { memberId: into, partnerId });
      expect(trusted.revokedAt).not.toBeNull();
      // And it can be merged again.
      expect((await merge(from, into)).mergeId).not.toBe(mergeId);
    });

    it('is for 30 days, and for the last of several first', async () => {
      const [a, b, c] = [await givenMember(test), await givenMember(test), await givenMember(test)];
      const now = new Date();
      const first = await merge(a, b, now);
      const second = await merge(b, c, now);
      expect(await find({ id: a })).toBe(c);

      await expect(undo(first.mergeId)).rejects.toEqual(
        refusal('CONFLICT', ['id'], { subject: c }),
      );
      await expect(undo(randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      await expect(
        undo(second.mergeId, new Date(now.getTime() + 30 * 86_400_000 + 1)),
      ).rejects.toEqual(refusal('EXPIRED', ['id']));
      await undo(second.mergeId, new Date(now.getTime() + 30 * 86_400_000));
      expect(await find({ id: a })).toBe(b);
      await undo(first.mergeId);
      expect(await find({ id: a })).toBe(a);
    });

    it('happens once where it is asked for at once', async () => {
      const { from, into } = await givenTwo();
      const { mergeId } = await merge(from, into);

      await Promise.all([undo(mergeId), undo(mergeId), undo(mergeId)]);

      expect([await pointsOf(from), await pointsOf(into)]).toEqual([100n, 10n]);
    });
  });

  it('brings qualifying points together, and a tier with them, and takes them apart', async () => {
    await givenTiers(test);
    const at = new Date();
    const [from, into] = [await givenMember(test), await givenMember(test)];
    await givenQualifying(test, from, 600n, { occurredAt: at });
    await givenQualifying(test, into, 500n, { occurredAt: at });
    expect((await standingAt(test, into, at)).tierCode).toBe('BASE');

    const { mergeId } = await merge(from, into);

    expect(await standingAt(test, into, new Date())).toMatchObject({
      tierCode: 'SILVER',
      points: 1_100n,
    });
    await undo(mergeId);
    expect(await standingAt(test, from, new Date())).toMatchObject({
      tierCode: 'BASE',
      points: 600n,
    });
    // What was reached stays to its end.
    expect(await standingAt(test, into, new Date())).toMatchObject({
      tierCode: 'SILVER',
      points: 500n,
    });
  });

  it('gives back what was returned in between with the purchase that it is of', async () => {
    await givenTiers(test);
    const { from, into, activityId } = await givenTwo();
    const standing = async (memberId: string) =>
      (await standingAt(test, memberId, new Date())).points;
    const bought = await standing(from);
    expect(bought).toBeGreaterThan(0n);
    const { mergeId } = await merge(from, into);
    await refundActivity(
      test.db('partners'),
      {
        activityId,
        refundReference: randomUUID(),
        amount: { amount: '50.00', currency: 'EUR' },
      },
      { viewer: partnerViewer(partnerId, ['ACCRUALS_REVERSE']), clock: databaseClock },
    );
    expect(await standing(into)).toBe(bought / 2n);

    await undo(mergeId);

    expect(await standing(from)).toBe(bought / 2n);
    expect(await standing(into)).toBe(0n);
  });

  it('brings redemptions along, also where both used one idempotency key', async () => {
    const [from, into] = [await givenMember(test, 200n), await givenMember(test, 200n)];
    const { id: rewardId } = await givenReward(test);
    const redeem = (memberId: string) =>
      redeemReward(
        test.db('rewards-catalog'),
        { rewardId, idempotencyKey: 'once' },
        { memberId, clock: databaseClock, sealKey: testConfig().sealKey },
      );
    const redeemed = await redeem(from);
    const own = await redeem(into);
    const ofMember = async (memberId: string) =>
      (await test.db('rewards-catalog').findBy(Redemption, { memberId })).map(({ id }) => id);

    const { mergeId } = await merge(from, into);

    expect((await ofMember(into)).sort()).toEqual([redeemed.id, own.id].sort());
    expect(await redeem(into)).toMatchObject({ id: own.id });
    await undo(mergeId);
    expect(await ofMember(from)).toEqual([redeemed.id]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  describe('claiming', () => {
    it('gives the points and the history of an account to who proves it', async () => {
      const account = randomUUID();
      const provisional = await givenProvisional(test, partnerId, account);
      const { id: activityId } = await buy(account, '100.00');
      const member = await givenMember(test, 10n, partnerId);

      const { identifier } = await link(member, account);
      const again = await link(member, account);

      expect(again.identifier.id).toBe(identifier.id);
      expect(await pointsOf(member)).toBe(110n);
      expect(await activitiesOf(member)).toEqual([{ id: activityId, postedTo: provisional }]);
      expect(await row(provisional)).toMatchObject({ status: 'CLOSED', mergedInto: member });
      expect(await find({ partnerAccount: account })).toBe(member);
      expect(await find({ id: provisional })).toBe(member);
    });

    it('goes back with the account where staff undo it', async () => {
      const account = randomUUID();
      const provisional = await givenProvisional(test, partnerId, account);
      await buy(account, '100.00');
      const member = await givenMember(test, 10n, partnerId);
      await link(member, account);

      const { mergeId } = await merge(provisional, member);
      await undo(mergeId);

      expect(await find({ partnerAccount: account })).toBe(provisional);
      expect(await row(provisional)).toMatchObject({ status: 'PROVISIONAL', mergedInto: null });
      expect([await pointsOf(provisional), await pointsOf(member)]).toEqual([100n, 10n]);
      expect(await buy(account, '5.00')).toMatchObject({ memberId: provisional });
    });

    it('locks both in the order of their ids, as does who merges them', async () => {
      const account = randomUUID();
      const provisional = await givenProvisional(test, partnerId, account);
      let member = await givenMember(test);
      while (member < provisional) member = await givenMember(test);
      const isAwaited = async () =>
        (await rows(test.owner(), 'SELECT FROM pg_locks WHERE NOT granted')).length > 0;

      let claiming: Promise<unknown> | undefined;
      await test.owner().transaction(async (tx) => {
        await rows(tx, 'SELECT FROM members.member WHERE id = $1 FOR UPDATE', [provisional]);
        claiming = link(member, account);
        await until(isAwaited);
        const free = 'SELECT FROM members.member WHERE id = $1 FOR UPDATE NOWAIT';
        expect(await rows(test.owner(), free, [member])).toHaveLength(1);
      });

      await claiming;
      expect(await find({ partnerAccount: account })).toBe(member);
    });

    it('is for one of two who prove it at once', async () => {
      const account = randomUUID();
      await givenProvisional(test, partnerId, account);
      await buy(account, '100.00');
      const ids = [await givenMember(test), await givenMember(test)];

      const ended = await Promise.allSettled(ids.map((id) => link(id, account)));

      const winner = ended.findIndex(({ status }) => status === 'fulfilled');
      expect((ended[1 - winner] as PromiseRejectedResult).reason).toEqual(
        refusal('CONFLICT', ['value']),
      );
      expect(await pointsOf(ids[winner]!)).toBe(100n);
      expect(await pointsOf(ids[1 - winner]!)).toBe(0n);
    });

    it('is not for what a member has, and changes nothing', async () => {
      const account = randomUUID();
      const [holder, other] = [await givenMember(test), await givenMember(test)];
      await link(holder, account);

      await expect(link(other, account)).rejects.toEqual(refusal('CONFLICT', ['value']));

      expect(await db().findOneByOrFail(PartnerAccount, { account })).toMatchObject({
        memberId: holder,
      });
    });
  });

  it('leaves a ledger that is sound', async () => {
    await accruePoints(
      test.db('partners'),
      anAccrual({ memberId: await givenMember(test), issuerId: partnerId, points: 1n }),
    );
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('go apart again where one of them had spent everything', async () => {
    const [from, into] = [await givenMember(test, 10n), await givenMember(test, 5n)];
    await spend(from, 10n);

    const { mergeId } = await merge(from, into);
    await undo(mergeId);

    expect(await row(from)).toMatchObject({ status: 'ACTIVE', mergedInto: null });
    expect([await pointsOf(from), await pointsOf(into)]).toEqual([0n, 5n]);
  });
});
