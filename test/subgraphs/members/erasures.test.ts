import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf, sharedCurrency } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { createPost } from '../../../subgraphs/community/posts.ts';
import { Erasure, ErasureReceipt, Member } from '../../../subgraphs/members/entities.ts';
import { mergeMembers, undoMerge } from '../../../subgraphs/members/merging/merges.ts';
import { updatePreferences } from '../../../subgraphs/members/notifications/notifications.ts';
import { eraseMember } from '../../../subgraphs/members/privacy/erasures.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { eraseNext } from '../../../worker/erasures.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenHousehold } from '../../support/given-households.ts';
import { givenConsent, givenMember, givenProvisional } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenReward } from '../../support/given-rewards.ts';
import { givenTill } from '../../support/given-tills.ts';
import { keptMail } from '../../support/mail.ts';
import { gate, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const at = new Date('2026-03-01T12:00:00Z');
const everyPart = ['community', 'identity', 'members', 'partners', 'rewards-catalog'];

describe('erasure', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), testPlatform())));
  afterAll(() => members.drain());
  const { ask, codeOf } = callsOf(() => members);

  const self = (memberId: string) => ({ ...memberViewer(memberId), steppedUpAt: at });
  const erase = (memberId: string, viewer: Viewer = self(memberId)) =>
    eraseMember(db(), { memberId, reason: 'I go' }, { viewer, clock: new SetClock(at) });
  const step = () => eraseNext(test.db('worker'), { mail: keptMail(), partMs: 10_000 });
  const finish = async () => {
    let receipts = 0;
    while ((await step()) > 0) receipts++;
    return receipts;
  };
  const statusOf = async (id: string) => (await db().findOneByOrFail(Member, { id })).status;
  const partsOf = async (erasureId: string) =>
    (await db().findBy(ErasureReceipt, { erasureId })).map(({ subgraph }) => subgraph).sort();
  const eventsOf = async (memberId: string) =>
    (
      await rows<{ type: string }>(
        test.owner(),
        'SELECT type FROM platform.outbox WHERE member_id = $1 ORDER BY sequence',
        [memberId],
      )
    ).map(({ type }) => type);
  const balance = async (memberId: string) =>
    (await balancesOf(db(), [{ memberId, currency: sharedCurrency }], new Date()))[0];

  const late = () => rows(test.db('worker'), 'SELECT members.forfeit_late_points(10) AS members');

  it('closes the membership at once, ends its consents, and is carried out part by part', async () => {
    const memberId = await givenMember(test, 500n);
    const partnerId = await givenPartner(test);
    await givenConsent(test, memberId, partnerId);
    const number = (await db().findOneByOrFail(Member, { id: memberId })).memberNumber;

    const { id } = await erase(memberId);

    expect(await statusOf(memberId)).toBe('CLOSED');
    expect((await eventsOf(memberId)).slice(-2)).toEqual(['consent.revoked', 'member.closed']);
    expect(await partsOf(id)).toEqual([]);

    expect(await finish()).toBe(5);

    expect(await partsOf(id)).toEqual(everyPart);
    expect(await db().findOneByOrFail(Member, { id: memberId })).toMatchObject({
      status: 'CLOSED',
      displayName: 'Former member',
      email: null,
      emailKey: null,
      phone: null,
      birthday: null,
    });
    expect((await db().findOneByOrFail(Member, { id: memberId })).memberNumber).not.toBe(number);
    expect(await balance(memberId)).toMatchObject({ available: 0n, pending: 0n });
    expect((await eventsOf(memberId)).at(-1)).toBe('member.erased');
    expect(await auditLedger(test.owner())).toEqual([]);
    expect(await finish()).toBe(0);
  });

  it('is shown with a receipt of each part to the member and to staff, and to nobody else', async () => {
    const memberId = await givenMember(test);
    const mutation = `mutation ($id: ID!) { eraseMember(memberId: $id, reason: "I go") {
      erasure { id status receipts { subgraph } } userErrors { code path } } }`;
    const query = `query ($id: ID!) { erasure(id: $id) {
      status requestedAt receipts { subgraph erasedAt records } } }`;
    type Answer = { erasure: { status: string; receipts: { subgraph: string }[] } | null };

    const { eraseMember: answer } = await ask<{
      eraseMember: { erasure: { id: string; status: string; receipts: object[] } };
    }>({ ...memberViewer(memberId), steppedUpAt: new Date() }, mutation, { id: memberId });
    const { id } = answer.erasure;
    expect(answer.erasure).toEqual({ id, status: 'RUNNING', receipts: [] });
    await finish();

    for (const viewer of [memberViewer(memberId), adminViewer()]) {
      const { erasure } = await ask<Answer>(viewer, query, { id });
      expect(erasure!.status).toBe('DONE');
      expect(erasure!.receipts.map(({ subgraph }) => subgraph).sort()).toEqual(everyPart);
    }
    const other = memberViewer(await givenMember(test));
    expect(await ask(other, query, { id })).toEqual({ erasure: null });
    expect(await ask(adminViewer(['PARTNERS_MANAGE']), query, { id })).toEqual({ erasure: null });
    expect(await codeOf(partnerViewer(randomUUID()), query, { id })).toBe('FORBIDDEN');
    expect(await codeOf(memberViewer(memberId, []), mutation, { id: memberId })).toBe('FORBIDDEN');
    expect(await codeOf(adminViewer(['AUDIT_READ']), mutation, { id: memberId })).toBe('FORBIDDEN');
  });

  it('asks a member for a fresh proof, and changes nothing without', async () => {
    const memberId = await givenMember(test);
    const fiveMinutesAgo = new Date(at.getTime() - 5 * 60_000);

    for (const steppedUpAt of [null, fiveMinutesAgo]) {
      const viewer = { ...memberViewer(memberId), steppedUpAt };
      await expect(erase(memberId, viewer)).rejects.toEqual(refusal('STEP_UP_REQUIRED'));
    }

    expect(await db().findOneBy(Member, { id: memberId })).toMatchObject({ status: 'ACTIVE' });
    await erase(memberId);
  });

  it('refuses for another member, an unknown one and one of the sandbox, and changes nothing', async () => {
    const other = await givenMember(test);
    const partnerId = await givenPartner(test);
    const sandbox = await givenProvisional(test, partnerId, 'test', true);
    const none = refusal('NOT_FOUND', ['memberId']);

    await expect(erase(other, memberViewer(randomUUID()))).rejects.toEqual(none);
    await expect(erase(randomUUID(), adminViewer())).rejects.toEqual(none);
    await expect(erase(sandbox, adminViewer())).rejects.toEqual(none);
    await expect(erase('x', adminViewer())).rejects.toEqual(refusal('INVALID', ['memberId']));
    await expect(
      eraseMember(
        db(),
        { memberId: other, reason: ' ' },
        { viewer: adminViewer(), clock: databaseClock },
      ),
    ).rejects.toEqual(refusal('INVALID', ['reason']));

    expect(await statusOf(other)).toBe('ACTIVE');
    expect(await db().countBy(Erasure, [{ memberId: other }, { memberId: sandbox }])).toBe(0);
  });

  it('is the same one again, also when it is done and who asks is another', async () => {
    const memberId = await givenMember(test);
    const first = await erase(memberId);

    expect((await erase(memberId, adminViewer())).id).toBe(first.id);
    await finish();
    expect((await erase(memberId)).id).toBe(first.id);

    const told = await eventsOf(memberId);
    expect(told.filter((type) => type === 'member.closed' || type === 'member.erased')).toEqual([
      'member.closed',
      'member.erased',
    ]);
  });

  it('is one where it is asked for many times at once, and each part erases once', async () => {
    const memberId = await givenMember(test, 100n);

    const asked = await race(db(), 4, () => erase(memberId));
    const done = await race(test.db('worker'), 4, finish);

    expect(asked.reasons).toEqual([]);
    expect(new Set(asked.answers.map(({ id }) => id)).size).toBe(1);
    expect(done.reasons).toEqual([]);
    await finish();
    expect(await partsOf(asked.answers[0]!.id)).toEqual(everyPart);
    expect((await eventsOf(memberId)).filter((type) => type === 'member.erased')).toHaveLength(1);
    const [forfeits] = await rows(
      test.owner(),
      `SELECT count(*)::integer AS count FROM ledger.transfer WHERE member_id = $1 AND kind = 'EXPIRY'`,
      [memberId],
    );
    expect(forfeits).toEqual({ count: 1 });
  });

  it('goes on where it was cut short, and lets others go first where a part fails', async () => {
    const [stuck, other] = [
      await erase(await givenMember(test)),
      await erase(await givenMember(test)),
    ];
    await rows(test.owner(), 'UPDATE members.erasure SET due_at = $2 WHERE id = $1', [
      stuck.id,
      new Date('2026-01-01T00:00:00Z'),
    ]);
    const text = await rows<{ text: string }>(
      test.owner(),
      `SELECT pg_get_functiondef('partners.erase_member(uuid)'::regprocedure) AS text`,
    );
    await rows(
      test.owner(),
      `CREATE OR REPLACE FUNCTION partners.erase_member(p_member uuid) RETURNS integer
       LANGUAGE sql AS 'SELECT 1 / (p_member <> ''${stuck.memberId}'')::integer'`,
    );

    for (let n = 0; n < 3; n++) expect(await step()).toBe(1);
    await expect(step()).rejects.toMatchObject({ driverError: { code: '22012' } });
    expect(await finish()).toBe(5);
    expect(await partsOf(other.id)).toEqual(everyPart);
    expect(await partsOf(stuck.id)).toEqual(['community', 'identity', 'rewards-catalog']);

    await rows(test.owner(), text[0]!.text);
    await rows(test.owner(), 'UPDATE members.erasure SET due_at = now() WHERE id = $1', [stuck.id]);
    expect(await finish()).toBe(2);
    expect(await partsOf(stuck.id)).toEqual(everyPart);
  });

  it('waits for who has seen the member active, so that what they write is erased too', async () => {
    const memberId = await givenMember(test, 100n);
    const [written, asked] = [gate(), gate()];
    const writing = test.db('community').transaction(async (tx) => {
      await createPost(
        tx,
        { kind: 'TIP', title: 'A tip', body: 'My card is 4711', idempotencyKey: 'a' },
        { memberId, clock: databaseClock },
      );
      written.resolve();
      await asked.promise;
    });
    await written.promise;
    const { id } = await erase(memberId);

    expect(await finish()).toBe(0);
    expect(await partsOf(id)).toEqual([]);

    asked.resolve();
    await writing;
    await rows(test.owner(), 'UPDATE members.erasure SET due_at = now() WHERE id = $1', [id]);
    expect(await finish()).toBe(5);
    expect(
      await rows(test.owner(), 'SELECT FROM community.post WHERE member_id = $1', [memberId]),
    ).toEqual([]);
    expect(await balance(memberId)).toMatchObject({ available: 0n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('and redemptions and purchases at once: each ends before, or is refused', async () => {
    const reward = await givenReward(test, { price: 10n });
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test, 100n);
    await givenConsent(test, memberId, partnerId);
    const acts = [
      () => erase(memberId),
      () =>
        redeemReward(
          test.db('rewards-catalog'),
          { rewardId: reward.id, idempotencyKey: randomUUID() },
          { memberId, clock: databaseClock, sealKey: testConfig().sealKey },
        ),
      () =>
        recordActivity(
          test.db('partners'),
          {
            member: { id: memberId },
            kind: 'PURCHASE',
            reference: randomUUID(),
            occurredAt: new Date(),
            amount: { amount: '7', currency: 'EUR' },
          },
          { viewer: partnerViewer(partnerId), clock: databaseClock },
        ),
      () => step(),
    ];

    const { reasons } = await race<unknown>(test.owner(), 12, (index) => acts[index % 4]!());
    await rows(test.owner(), 'UPDATE members.erasure SET due_at = now() WHERE done_at IS NULL');
    await finish();

    for (const reason of reasons) {
      expect(['MEMBER_INACTIVE', 'NOT_FOUND', 'CONSENT_REQUIRED', 'IN_PROGRESS']).toContain(
        (reason as { code: string }).code,
      );
    }
    expect(await balance(memberId)).toMatchObject({ available: 0n, pending: 0n, held: 0n });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('forfeits what comes back later', async () => {
    const memberId = await givenMember(test);
    await erase(memberId);
    await finish();
    expect(await late()).toEqual([{ members: 0 }]);
    await rows(
      test.owner(),
      `SELECT ledger.post(json_build_array(json_build_object('kind', 'ADJUST', 'member_id', $1::uuid,
         'key', gen_random_uuid(), 'currency', 'PTS', 'points', 30, 'issue_price', 0, 'hash', '\\x00',
         'source_kind', 'adjustment', 'source_id', gen_random_uuid(), 'description', 'Late')), now())`,
      [memberId],
    );

    expect(await late()).toEqual([{ members: 1 }]);

    expect(await balance(memberId)).toMatchObject({ available: 0n });
    expect(await late()).toEqual([{ members: 0 }]);
  });

  it('takes along what became part of the membership, for good', async () => {
    const [from, into] = [await givenMember(test, 20n), await givenMember(test)];
    const by = { viewer: adminViewer(), clock: databaseClock };
    const { mergeId } = await mergeMembers(
      db(),
      { fromId: from, intoId: into, reason: 'One person' },
      by,
    );

    await erase(into);

    await expect(undoMerge(db(), { id: mergeId, reason: 'No' }, by)).rejects.toEqual(
      refusal('NOT_FOUND', ['id']),
    );
    expect(await finish()).toBe(10);
    for (const id of [from, into]) {
      expect(await db().findOneByOrFail(Member, { id })).toMatchObject({
        status: 'CLOSED',
        email: null,
      });
      expect(await balance(id)).toMatchObject({ available: 0n });
    }
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('of a membership that was merged is that of the person, and the log has each', async () => {
    const [from, into] = [await givenMember(test), await givenMember(test, 30n)];
    const by = { viewer: adminViewer(), clock: databaseClock };
    await mergeMembers(db(), { fromId: from, intoId: into, reason: 'One person' }, by);
    await expect(erase(from)).rejects.toEqual(refusal('NOT_ALLOWED', ['memberId']));
    expect(await statusOf(into)).toBe('ACTIVE');

    const erasure = await erase(from, adminViewer());

    expect(erasure.memberId).toBe(into);
    expect((await erase(into, adminViewer())).id).toBe(erasure.id);
    const acts = await rows<{ id: string }>(
      test.owner(),
      `SELECT subject_id AS id FROM platform.audit_event
       WHERE action = 'eraseMember' AND subject_id = ANY ($1)`,
      [[from, into]],
    );
    expect(acts.map(({ id }) => id).sort()).toEqual([from, into].sort());
    expect(await finish()).toBe(10);
    expect(await balance(into)).toMatchObject({ available: 0n });
  });

  it('leaves what tills hold to their partners, and forfeits what they give free', async () => {
    const { memberId, till } = await givenTill(test, { at: new Date() });
    const captured = await till.hold(memberId, { points: 100n });
    const released = await till.hold(memberId, { points: 50n });
    await erase(memberId);

    await finish();

    expect(await balance(memberId)).toMatchObject({ available: 0n, held: 150n });
    expect(await late()).toEqual([{ members: 0 }]);
    await till.capture(captured.id, { points: 60n });
    await till.release(released.id);
    expect(await late()).toEqual([{ members: 1 }]);
    expect(await balance(memberId)).toMatchObject({ available: 0n, held: 0n });
    await till.refund(captured.id, { points: 10n });
    expect(await late()).toEqual([{ members: 1 }]);
    expect(await balance(memberId)).toMatchObject({ available: 0n, held: 0n });
    expect((await eventsOf(memberId)).slice(-3)).toEqual([
      'hold.captured',
      'hold.released',
      'hold.refunded',
    ]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('lets the member choose nothing any more that would be kept', async () => {
    const memberId = await givenMember(test);
    await erase(memberId);
    await finish();

    const preferences = [{ kind: 'OFFER' as const, channels: [] }];
    await updatePreferences(db(), { preferences }, { memberId });

    expect(
      await rows(test.owner(), 'SELECT FROM members.notification_preference WHERE member_id = $1', [
        memberId,
      ]),
    ).toEqual([]);
  });

  it('leaves the household to those who stay, and ends one in which nobody does', async () => {
    const [owner, heir, alone] = [
      await givenMember(test),
      await givenMember(test),
      await givenMember(test),
    ];
    const together = await givenHousehold(test, [owner, heir]);
    const lonely = await givenHousehold(test, [alone]);
    for (const memberId of [owner, alone]) await erase(memberId);

    await finish();

    const households = await rows(
      test.owner(),
      `SELECT id, name, owner_id AS owner, ended_at IS NOT NULL AS ended FROM members.household
       ORDER BY id = $1 DESC`,
      [together],
    );
    expect(households).toEqual([
      { id: together, name: 'Home', owner: heir, ended: false },
      { id: lonely, name: 'Former household', owner: alone, ended: true },
    ]);
  });
});
