import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { grantConsent } from '../../../subgraphs/members/consents/consents.ts';
import {
  declineConsentRequest,
  openRequestsOf,
  requestConsent,
} from '../../../subgraphs/members/consents/requests.ts';
import { ConsentRequest, Member } from '../../../subgraphs/members/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { partnerViewer } from '../../support/subgraph.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const daysLater = (days: number) => new Date(noon.getTime() + days * 86_400_000);

describe('consent requests', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let partnerId: string;
  let memberId: string;
  beforeAll(async () => (partnerId = await givenPartner(test)));
  beforeEach(async () => (memberId = await givenMember(test)));

  type Asked = Partial<Parameters<typeof requestConsent>[1]>;
  const ask = (asked: Asked = {}, at = noon, sandbox = false) =>
    requestConsent(
      db(),
      { member: { id: memberId }, scopes: ['SPEND', 'EARN'], purpose: 'To pay', ...asked },
      { viewer: { ...partnerViewer(partnerId), sandbox }, clock: new SetClock(at) },
    );
  const decline = (id: string, at = noon, by = memberId) =>
    declineConsentRequest(db(), { id }, { memberId: by, clock: new SetClock(at) });
  const grant = (at = noon) =>
    grantConsent(db(), { partnerId, scopes: ['EARN'] }, { memberId, clock: new SetClock(at) });
  const open = (at = noon) => openRequestsOf(db(), [memberId], at);
  const events = async () =>
    rows<{ type: string; partnerId: string | null; payload: object }>(
      test.owner(),
      `SELECT type, partner_id AS "partnerId", payload FROM platform.outbox
       WHERE member_id = $1 AND type LIKE 'consent.%' ORDER BY sequence`,
      [memberId],
    );

  it('are found by the member, who alone is told', async () => {
    expect(await ask()).toEqual({ expiresAt: daysLater(30) });

    const [request, ...others] = await open();
    expect(others).toEqual([]);
    expect(request).toMatchObject({
      partnerId,
      scopes: ['EARN', 'SPEND'],
      purpose: 'To pay',
      createdAt: noon,
      expiresAt: daysLater(30),
    });
    // To tell the partner, too, would be to say that the member exists.
    expect(await events()).toEqual([
      {
        type: 'consent.requested',
        partnerId: null,
        payload: { memberId, requestedBy: partnerId, requestId: request!.id },
      },
    ]);
  });

  it('are answered the same where nothing comes of them', async () => {
    const same = { expiresAt: daysLater(30) };
    const all = () => db().count(ConsentRequest);
    const before = await all();

    expect(await ask({ member: { id: randomUUID() } })).toEqual(same);
    expect(await ask({ member: { email: 'nobody@example.com' } })).toEqual(same);
    expect(await ask({}, noon, true)).toEqual(same);
    for (const status of ['PROVISIONAL', 'SUSPENDED', 'CLOSED'] as const) {
      await db().update(Member, { id: memberId }, { status });
      expect(await ask()).toEqual(same);
    }
    await db().update(Member, { id: memberId }, { status: 'ACTIVE' });
    await givenConsent(test, memberId, partnerId, ['EARN', 'SPEND', 'READ_BALANCE']);
    expect(await ask()).toEqual(same);

    expect(await all()).toBe(before);
    expect((await events()).map(({ type }) => type)).toEqual(['consent.granted']);
    expect(await ask({ scopes: ['EARN', 'READ_PROFILE'] })).toEqual(same);
    expect(await open()).toHaveLength(1);
  });

  it.each([
    ['no scope', { scopes: [] }, refusal('INVALID', ['scopes'])],
    ['no purpose', { purpose: ' ' }, refusal('INVALID', ['purpose'])],
    ['nobody', { member: {} }, refusal('INVALID', ['member'])],
  ])('of %s are refused, and change nothing', async (_, asked, expected) => {
    await expect(ask(asked)).rejects.toEqual(expected);

    expect(await open()).toEqual([]);
  });

  it('are refused to a partner that takes no part', async () => {
    const inactive = await givenPartner(test);
    await givenStatus(test, inactive, 'SUSPENDED');
    const viewer = partnerViewer(inactive);

    await expect(
      requestConsent(
        db(),
        { member: { id: memberId }, scopes: ['EARN'], purpose: 'To earn' },
        { viewer, clock: new SetClock(noon) },
      ),
    ).rejects.toEqual(refusal('PARTNER_INACTIVE'));

    expect(await open()).toEqual([]);
  });

  it('are one for each partner and member: another replaces what was asked, and tells nobody', async () => {
    await ask();
    const [first] = await open();

    await ask({ scopes: ['READ_PROFILE'], purpose: 'To greet' }, daysLater(3));

    expect(await open(daysLater(3))).toMatchObject([
      {
        id: first!.id,
        createdAt: noon,
        scopes: ['READ_PROFILE'],
        purpose: 'To greet',
        expiresAt: daysLater(33),
      },
    ]);
    expect(await events()).toHaveLength(1);
  });

  it('are one, and told once, however many calls ask at once', async () => {
    const { answers } = await race(db(), 10, (index) => ask({ purpose: `Call ${index}` }));

    expect(answers).toEqual(answers.map(() => ({ expiresAt: daysLater(30) })));
    expect(await open()).toHaveLength(1);
    expect(await events()).toHaveLength(1);
  });

  it('are answered by a consent, whatever it lets the partner do', async () => {
    await ask();
    const [request] = await open();

    await grant();

    expect(await open()).toEqual([]);
    await expect(decline(request!.id)).rejects.toEqual(refusal('CONFLICT', ['id']));
    // What was not given may be asked for again.
    await ask({}, daysLater(1));
    expect(await open(daysLater(1))).toMatchObject([{ createdAt: daysLater(1) }]);
  });

  it('are gone after 30 days, and may be asked anew', async () => {
    await ask();
    const [request] = await open();

    expect(await open(new Date(daysLater(30).getTime() - 1))).toHaveLength(1);
    expect(await open(daysLater(30))).toEqual([]);
    await expect(decline(request!.id, daysLater(30))).rejects.toEqual(refusal('EXPIRED', ['id']));
    await ask({}, daysLater(30));
    const [next] = await open(daysLater(30));
    expect(next!.id).not.toBe(request!.id);
    expect((await events()).map(({ type }) => type)).toEqual([
      'consent.requested',
      'consent.requested',
    ]);
  });

  it('are declined once and for a while, of which the partner is not told', async () => {
    await ask();
    const [request] = await open();

    expect(await decline(request!.id)).toMatchObject({ id: memberId });
    expect(await decline(request!.id, daysLater(1))).toMatchObject({ id: memberId });

    expect(await open()).toEqual([]);
    expect(await ask({}, daysLater(29))).toEqual({ expiresAt: daysLater(59) });
    expect(await open(daysLater(29))).toEqual([]);
    expect(await events()).toHaveLength(1);
    await ask({}, daysLater(30));
    expect(await open(daysLater(30))).toHaveLength(1);
    // The old one is no way to decline the new one.
    await expect(decline(request!.id, daysLater(30))).rejects.toEqual(refusal('NOT_FOUND', ['id']));
  });

  it('are declined by the member whom they ask, and by nobody else', async () => {
    await ask();
    const [request] = await open();
    const another = await givenMember(test);

    await expect(decline(request!.id, noon, another)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(decline(randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(decline('it')).rejects.toEqual(refusal('INVALID', ['id']));

    expect(await open()).toEqual([request]);
  });

  it('granted and declined at once have one answer', async () => {
    await ask();
    const [request] = await open();

    const { reasons } = await race(db(), 8, (index) =>
      index % 2 === 0 ? grant() : decline(request!.id),
    );

    const { answer } = await db().findOneByOrFail(ConsentRequest, { memberId });
    expect(reasons).toEqual(reasons.map(() => refusal('CONFLICT', ['id'])));
    expect([answer, reasons.length > 0]).toEqual(
      answer === 'GRANTED' ? ['GRANTED', true] : ['DECLINED', false],
    );
  });
});
