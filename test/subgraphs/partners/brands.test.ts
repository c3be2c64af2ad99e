import { randomUUID } from 'node:crypto';
import { balancesOf } from '../../../ledger/index.ts';
import { SetClock, databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { activatePartner } from '../../../subgraphs/partners/brands/onboarding.ts';
import {
  type SuspendPartner,
  type UpdatePartner,
  findPartner,
  listPartners,
  suspendPartner,
  updatePartner,
} from '../../../subgraphs/partners/brands/partners.ts';
import {
  type TerminatePartner,
  terminatePartner,
} from '../../../subgraphs/partners/brands/terminations.ts';
import { Activity, ApiClient, Partner } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import {
  givenInvited,
  givenPartner,
  givenStatus,
  givenTried,
} from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const now = new Date('2026-03-01T12:00:00Z');

describe('updatePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const stored = (id: string) => db().findOneByOrFail(Partner, { id });

  function update(id: string, changes: Omit<UpdatePartner, 'id'>, viewer: Viewer = adminViewer()) {
    return updatePartner(db(), { id, ...changes }, { viewer, clock: databaseClock });
  }

  const all = {
    name: ' Harbour Line ',
    description: 'Flies.',
    website: 'https://line.example',
    brandColor: '#1A2b3C',
    logoUrl: 'http://localhost:4000/pictures/line.svg',
    airline: { iataCode: 'HL', alliance: 'Sky Union' },
  };
  const written = {
    name: 'Harbour Line',
    description: 'Flies.',
    website: 'https://line.example',
    brandColor: '#1a2b3c',
    logoUrl: 'http://localhost:4000/pictures/line.svg',
    details: { kind: 'AIRLINE', iataCode: 'HL', alliance: 'Sky Union', earnChart: [] },
  };

  it('changes what is given, leaves what is not, and clears what is null', async () => {
    const id = await givenInvited(test, { kind: 'AIRLINE' });
    const other = await stored(await givenInvited(test, { kind: 'AIRLINE' }));
    const { code, kind, status, contactEmail } = await stored(id);

    expect(await update(id, all)).toMatchObject(written);
    expect(await stored(id)).toMatchObject({ ...written, code, kind, status, contactEmail });
    await update(id, {});
    expect(await stored(id)).toMatchObject(written);
    await update(id, { website: null, airline: { iataCode: 'H2' } });
    const details = { kind: 'AIRLINE', iataCode: 'H2', alliance: null, earnChart: [] };
    expect(await stored(id)).toMatchObject({ ...written, website: null, details });
    await update(id, { description: null, brandColor: null, logoUrl: null, airline: null });

    const bare = { description: null, website: null, brandColor: null, logoUrl: null };
    expect(await stored(id)).toMatchObject({ ...bare, name: 'Harbour Line', details: null });
    expect(await stored(other.id)).toEqual(other);
  });

  it('gives the same answer again', async () => {
    const id = await givenInvited(test, { kind: 'AIRLINE' });

    expect(await update(id, all)).toEqual(await update(id, all));
  });

  it.each<[string[], Omit<UpdatePartner, 'id'>]>([
    [['name'], { name: null }],
    [['name'], { name: ' ' }],
    [['description'], { description: 'x'.repeat(2_001) }],
    [['website'], { website: 'javascript:alert(1)' }],
    [['brandColor'], { brandColor: '#12345' }],
    [['brandColor'], { brandColor: '123456' }],
    [['brandColor'], { brandColor: 'red' }],
    [['logoUrl'], { logoUrl: 'data:image/svg+xml,<svg/>' }],
    [['logoUrl'], { logoUrl: '/logo.svg' }],
    [['hotel'], { hotel: {} }],
    [['airline', 'iataCode'], { airline: { iataCode: 'sk' } }],
  ])('refuses %j, and changes nothing', async (path, fault) => {
    const id = await givenInvited(test, { kind: 'AIRLINE' });
    await update(id, all);

    await expect(update(id, { description: 'Sails.', ...fault })).rejects.toEqual(
      refusal('INVALID', path),
    );
    expect(await stored(id)).toMatchObject(written);
  });

  it('lets a partner change itself, and nobody else', async () => {
    const id = await givenInvited(test);
    const own = partnerViewer(id, ['RULES_MANAGE']);
    const changes = { description: 'Sells.' };

    for (const [viewer, why] of [
      [partnerViewer(randomUUID(), ['RULES_MANAGE']), refusal('NOT_FOUND', ['id'])],
      [{ ...own, sandbox: true }, refusal('NOT_ALLOWED')],
    ] as const) {
      await expect(update(id, changes, viewer)).rejects.toEqual(why);
    }
    expect(await stored(id)).toMatchObject({ description: null });
    await update(id, changes, own);

    expect(await stored(id)).toMatchObject(changes);
  });

  it('changes none that is not there, or has left', async () => {
    const id = await givenInvited(test);
    await givenStatus(test, id, 'TERMINATED');

    await expect(update(id, { name: 'Gone' })).rejects.toEqual(
      refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }),
    );
    await expect(update(randomUUID(), {})).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(update('shop', {})).rejects.toEqual(refusal('INVALID', ['id']));
    expect((await stored(id)).name).not.toBe('Gone');
  });

  it('loses none of the changes that many make at once', async () => {
    const id = await givenInvited(test);
    const changes = [
      { name: 'Racer' },
      { description: 'Fast.' },
      { website: 'https://race.example' },
      { brandColor: '#00ff00' },
      { logoUrl: 'https://race.example/logo.svg' },
      { retailer: { productCategories: ['Cars'] } },
    ];

    const { reasons } = await race(db(), changes.length, (index) => update(id, changes[index]!));

    expect(reasons).toEqual([]);
    expect(await stored(id)).toMatchObject({
      name: 'Racer',
      description: 'Fast.',
      website: 'https://race.example',
      brandColor: '#00ff00',
      logoUrl: 'https://race.example/logo.svg',
      details: { productCategories: ['Cars'] },
    });
  });
});

describe('suspendPartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const stored = (id: string) => db().findOneByOrFail(Partner, { id });

  function suspend(input: SuspendPartner, at = now) {
    return suspendPartner(db(), input, { viewer: adminViewer(), clock: new SetClock(at) });
  }

  it('takes the brand out of the coalition, and activating brings it back', async () => {
    const partnerId = await givenPartner(test, { code: 'OUT' });
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    const { clientId } = await db().findOneByOrFail(ApiClient, { partnerId });
    const buy = (reference: string) =>
      recordActivity(
        db(),
        {
          member: { id: memberId },
          kind: 'PURCHASE',
          reference,
          occurredAt: new Date(),
          amount: { amount: '40', currency: 'EUR' },
        },
        { viewer: partnerViewer(partnerId, ['ACCRUALS_WRITE']), clock: databaseClock },
      );
    /** Who still sees the brand: the public's list and look-up, other parts, tokens for its client. */
    const traces = async () => {
      const page = { first: 10, after: null };
      const [other, identity] = [test.db('rewards-catalog'), test.db('identity')];
      return [
        (await listPartners(db(), { search: 'OUT' }, page, anonymous)).length,
        (await findPartner(db(), { code: 'OUT' }, anonymous)) ? 1 : 0,
        (await rows(other, 'SELECT FROM partners.live() AS id WHERE id = $1', [partnerId])).length,
        (await rows(identity, 'SELECT FROM partners.find_api_client($1)', [clientId])).length,
      ];
    };
    const pointsOf = async () => (await balancesOf(db(), [{ memberId }], new Date()))[0]!.available;
    await buy('before');
    await givenTried(test, partnerId);
    expect(await traces()).toEqual([1, 1, 1, 1]);

    const suspended = await suspend({ id: partnerId, reason: ' Unpaid. ' });

    expect(suspended).toMatchObject({ id: partnerId, status: 'SUSPENDED' });
    expect(await stored(partnerId)).toMatchObject({
      status: 'SUSPENDED',
      suspendedAt: now,
      suspendedBecause: 'Unpaid.',
    });
    await suspend({ id: partnerId, reason: 'Again.' });
    const acts = `SELECT action, reason, changes FROM platform.audit_event
                  WHERE subject_id = $1 AND action = 'suspendPartner'`;
    expect(await rows(test.owner(), acts, [partnerId])).toEqual([
      {
        action: 'suspendPartner',
        reason: 'Unpaid.',
        changes: [{ field: 'status', before: 'LIVE', after: 'SUSPENDED' }],
      },
    ]);
    expect(await traces()).toEqual([0, 0, 0, 0]);
    await expect(buy('meanwhile')).rejects.toEqual(refusal('PARTNER_INACTIVE'));
    expect(await pointsOf()).toBe(40n);
    expect(await db().countBy(Activity, { partnerId, sandbox: false })).toBe(1);

    await activatePartner(db(), { id: partnerId }, { viewer: adminViewer(), clock: databaseClock });

    expect(await traces()).toEqual([1, 1, 1, 1]);
    await buy('after');
    expect(await pointsOf()).toBe(80n);
    expect(await stored(partnerId)).toMatchObject({ suspendedBecause: 'Unpaid.' });
  });

  it('keeps the first reason when it is asked again, also at once', async () => {
    const id = await givenPartner(test);

    const { answers } = await race(db(), 8, (index) => suspend({ id, reason: `Reason ${index}` }));
    const { suspendedBecause: first } = await stored(id);
    const again = await suspend({ id, reason: 'Another' }, new Date('2027-01-01'));

    expect(answers.map(({ suspendedBecause }) => suspendedBecause)).toEqual(Array(8).fill(first));
    expect(first).toMatch(/^Reason \d$/);
    expect(again).toMatchObject({ status: 'SUSPENDED', suspendedAt: now, suspendedBecause: first });
  });

  it('suspends one that is brought back once more, for its new reason', async () => {
    const id = await givenPartner(test);
    await givenTried(test, id);
    await suspend({ id, reason: 'First' });
    await activatePartner(db(), { id }, { viewer: adminViewer(), clock: databaseClock });

    await suspend({ id, reason: 'Second' });

    expect(await stored(id)).toMatchObject({ status: 'SUSPENDED', suspendedBecause: 'Second' });
  });

  it('suspends a brand that is not live yet, which its steps then bring on', async () => {
    const id = await givenInvited(test);

    await suspend({ id, reason: 'Not wanted.' });

    expect(await stored(id)).toMatchObject({ status: 'SUSPENDED' });
    await expect(
      activatePartner(db(), { id }, { viewer: adminViewer(), clock: databaseClock }),
    ).rejects.toEqual(
      refusal('NOT_ALLOWED', ['id'], {
        subject: 'CONTRACT, EARN_RULES, API_CLIENT, WEBHOOK, SANDBOX_ACTIVITY, SANDBOX_REDEMPTION',
      }),
    );
  });

  it('suspends none without a reason, that is not there, or has left', async () => {
    const live = await givenPartner(test);
    const gone = await givenInvited(test);
    await givenStatus(test, gone, 'TERMINATED');
    const reason = 'Unpaid.';

    await expect(suspend({ id: live, reason: ' ' })).rejects.toEqual(
      refusal('INVALID', ['reason']),
    );
    await expect(suspend({ id: live, reason: 'x'.repeat(2_001) })).rejects.toEqual(
      refusal('INVALID', ['reason']),
    );
    await expect(suspend({ id: gone, reason })).rejects.toEqual(
      refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }),
    );
    await expect(suspend({ id: randomUUID(), reason })).rejects.toEqual(
      refusal('NOT_FOUND', ['id']),
    );
    await expect(suspend({ id: 'shop', reason })).rejects.toEqual(refusal('INVALID', ['id']));

    expect(await stored(live)).toMatchObject({ status: 'LIVE', suspendedBecause: null });
    expect(await stored(gone)).toMatchObject({ status: 'TERMINATED', suspendedBecause: null });
  });
});

describe('terminatePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const stored = (id: string) => db().findOneByOrFail(Partner, { id });
  const reason = 'Sold.';

  function terminate(input: TerminatePartner, at = now) {
    return terminatePartner(db(), input, { viewer: adminViewer(), clock: new SetClock(at) });
  }

  /** Lets the worker take out whose day has come: by the database's clock, all days of this test have. */
  async function takeOut(): Promise<number> {
    const sql = 'SELECT partners.terminate_due(100) AS count';
    return (await rows<{ count: number }>(test.db('worker'), sql))[0]!.count;
  }

  async function givenBuyer(partnerId: string) {
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    const buy = (reference: string, occurredAt: Date) =>
      recordActivity(
        db(),
        {
          member: { id: memberId },
          kind: 'PURCHASE',
          reference,
          occurredAt,
          amount: { amount: '40', currency: 'EUR' },
        },
        {
          viewer: partnerViewer(partnerId, ['ACCRUALS_WRITE']),
          clock: new SetClock(new Date('2026-03-12T12:00:00Z')),
        },
      );
    const points = async () =>
      (await balancesOf(db(), [{ memberId }], new Date('2026-03-13')))[0]!.available;
    return { buy, points };
  }

  it('takes a brand out today, for good, and leaves members their points', async () => {
    const id = await givenPartner(test);
    const { buy, points } = await givenBuyer(id);
    await buy('before', now);

    const gone = await terminate({ id, on: '2026-03-01', reason: ' Sold. ' });

    expect(gone).toMatchObject({ status: 'TERMINATED', terminatesOn: '2026-03-01' });
    expect(await findPartner(db(), { id }, anonymous)).toBeNull();
    const { clientId } = await db().findOneByOrFail(ApiClient, { partnerId: id });
    const sql = 'SELECT FROM partners.find_api_client($1)';
    expect(await rows(test.db('identity'), sql, [clientId])).toEqual([]);
    await expect(buy('after', now)).rejects.toEqual(refusal('PARTNER_INACTIVE'));
    await expect(
      activatePartner(db(), { id }, { viewer: adminViewer(), clock: databaseClock }),
    ).rejects.toEqual(refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }));
    expect(await points()).toBe(40n);
    await terminate({ id, on: '2026-03-02', reason: 'Again.' });
    const acts = `SELECT reason, changes FROM platform.audit_event
                  WHERE subject_id = $1 AND action = 'terminatePartner'`;
    expect(await rows(test.owner(), acts, [id])).toEqual([
      {
        reason,
        changes: [
          { field: 'status', before: 'LIVE', after: 'TERMINATED' },
          { field: 'terminatesOn', before: null, after: '2026-03-01' },
        ],
      },
    ]);
    expect(await stored(id)).toMatchObject({ terminatedBecause: reason });
  });

  it('lets it earn until its day, and nothing of that day, whenever the worker comes', async () => {
    const id = await givenPartner(test);
    const { buy, points } = await givenBuyer(id);

    await terminate({ id, on: '2026-03-20', reason: 'Later.' });
    const scheduled = await terminate({ id, on: '2026-03-10', reason });

    expect(scheduled).toMatchObject({ status: 'LIVE', terminatesOn: '2026-03-10' });
    // The day begins in Berlin, an hour ahead of UTC.
    await buy('last', new Date('2026-03-09T22:59:59Z'));
    await expect(buy('late', new Date('2026-03-09T23:00:00Z'))).rejects.toEqual(
      refusal('PARTNER_INACTIVE'),
    );
    expect(await points()).toBe(40n);
    const later = await givenPartner(test);
    await terminate({ id: later, on: '2999-01-01', reason });

    expect([await takeOut(), await takeOut()]).toEqual([1, 0]);

    expect(await stored(id)).toMatchObject({ status: 'TERMINATED', terminatedBecause: reason });
    expect(await stored(later)).toMatchObject({ status: 'LIVE' });
  });

  it('takes each out once where several are at it', async () => {
    for (let count = 0; count < 3; count++) {
      await terminate({ id: await givenInvited(test), on: '2026-03-10', reason });
    }

    const { answers, reasons } = await race(db(), 4, takeOut);

    expect(reasons).toEqual([]);
    expect(answers.reduce((sum, each) => sum + each, 0)).toBe(3);
  });

  it('keeps the first reason of a day when it is asked again, also at once', async () => {
    const id = await givenInvited(test);

    const { answers } = await race(db(), 8, (index) =>
      terminate({ id, on: '2026-04-01', reason: `Reason ${index}` }),
    );

    const { terminatedBecause: first } = await stored(id);
    expect(first).toMatch(/^Reason \d$/);
    expect(answers.map(({ terminatedBecause }) => terminatedBecause)).toEqual(Array(8).fill(first));
  });

  it('takes none out on a day that is over, without a reason, or that is not there', async () => {
    const id = await givenPartner(test);

    await expect(terminate({ id, on: '2026-02-28', reason })).rejects.toEqual(
      refusal('INVALID', ['on']),
    );
    await expect(terminate({ id, on: '2026-02-30', reason })).rejects.toEqual(
      refusal('INVALID', ['on']),
    );
    await expect(terminate({ id, on: '2026-04-01', reason: ' ' })).rejects.toEqual(
      refusal('INVALID', ['reason']),
    );
    await expect(terminate({ id: randomUUID(), on: '2026-04-01', reason })).rejects.toEqual(
      refusal('NOT_FOUND', ['id']),
    );

    expect(await stored(id)).toMatchObject({ status: 'LIVE', terminatesOn: null });
  });
});
