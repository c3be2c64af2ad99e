import { randomUUID } from 'node:crypto';
import { auditLedger, counterBalances } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Consent } from '../../../subgraphs/members/entities.ts';
import { saveCurrency } from '../../../subgraphs/members/program/currencies.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { activatePartner, onboardingsOf } from '../../../subgraphs/partners/brands/onboarding.ts';
import { type InvitePartner, invitePartner } from '../../../subgraphs/partners/brands/partners.ts';
import { validOn } from '../../../subgraphs/partners/contracts/contracts.ts';
import { Contract, Partner } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenClient } from '../../support/given-clients.ts';
import { givenMember } from '../../support/given-members.ts';
import {
  aPointAUnit,
  givenAgreed,
  givenContract,
  givenInvited,
  givenPartner,
  givenReady,
  givenRules,
  givenStatus,
  givenTried,
} from '../../support/given-partners.ts';
import { tillOf } from '../../support/given-tills.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer, partnerViewer } from '../../support/subgraph.ts';

const now = new Date('2026-03-01T12:00:00Z');
const clock = new SetClock(now);

describe('invitePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  function invite(invited: Partial<InvitePartner>) {
    const input: InvitePartner = {
      code: 'SHOP',
      name: ' Shop ',
      kind: 'RETAILER',
      contactEmail: 'it@shop.example',
      ...invited,
    };
    return invitePartner(db(), input, { viewer: adminViewer(), clock });
  }

  it('makes a draft, and refuses its code to the next', async () => {
    const partner = await invite({ website: null });

    expect(await db().findOneBy(Partner, { code: 'SHOP' })).toMatchObject({
      id: partner.id,
      name: 'Shop',
      kind: 'RETAILER',
      status: 'DRAFT',
      website: null,
      createdAt: now,
    });
    await expect(invite({ name: 'Other' })).rejects.toEqual(
      refusal('CONFLICT', ['code'], { subject: partner.id }),
    );
    expect(await db().findBy(Partner, { code: 'SHOP' })).toMatchObject([{ name: 'Shop' }]);
  });

  it.each<[string[], Partial<InvitePartner>]>([
    [['code'], { code: 'small' }],
    [['name'], { name: '  ' }],
    [['kind'], { kind: 'BANK' as 'OTHER' }],
    [['contactEmail'], { contactEmail: 'nobody' }],
    [['website'], { website: 'javascript:alert(1)' }],
  ])('refuses %j, and keeps nothing', async (path, fault) => {
    const before = await db().countBy(Partner, {});

    await expect(invite({ code: 'FAULT', ...fault })).rejects.toEqual(refusal('INVALID', path));
    expect(await db().countBy(Partner, {})).toBe(before);
  });

  it('lets it have points of its own before a contract converts them', async () => {
    const { id: issuerId } = await invite({ code: 'AIR', kind: 'AIRLINE' });
    const by = { viewer: adminViewer(), clock };
    await saveCurrency(test.db('members'), { code: 'MILES', name: 'Miles', issuerId }, by);

    const block = { fromPoints: 3n, toUnits: 1n, minimumPoints: 3n };
    const conversions = [{ fromCurrency: 'PTS', toCurrency: 'MILES', ...block }];
    await givenContract(db(), issuerId, { conversions });
    expect(await db().findOneByOrFail(Contract, { partnerId: issuerId })).toMatchObject({
      conversions: [{ toCurrency: 'MILES', fromPoints: 3, toUnits: 1 }],
    });
  });

  it('gives a code to one of those who ask at once', async () => {
    const { answers, reasons } = await race(db(), 8, () => invite({ code: 'RACE' }));

    const [{ id: subject }] = answers as [Partner];
    expect(answers).toHaveLength(1);
    expect(reasons).toEqual(Array(7).fill(refusal('CONFLICT', ['code'], { subject })));
    expect(await db().countBy(Partner, { code: 'RACE' })).toBe(1);
  });
});

describe('signContract', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');

  it('opens the sandbox, and a later version ends the one before it', async () => {
    const partnerId = await givenInvited(test);

    const signed = await givenContract(db(), partnerId);
    await givenContract(db(), partnerId, { validFrom: '2026-03-01', issuePrice: '0.0105' });

    expect(signed.status).toBe('SANDBOX');
    const contracts = await db().find(Contract, {
      where: { partnerId },
      order: { version: 'ASC' },
    });
    expect(contracts).toMatchObject([
      {
        version: 1,
        validFrom: '2020-01-01',
        validTo: '2026-02-28',
        issuePrice: '0.0120',
        backdateDays: 180,
      },
      { version: 2, validFrom: '2026-03-01', validTo: null, issuePrice: '0.0105' },
    ]);
    const versionsOn = async (day: string) =>
      (await db().findBy(Contract, { partnerId, ...validOn(day) })).map(({ version }) => version);
    expect(await versionsOn('2019-12-31')).toEqual([]);
    expect(await versionsOn('2020-01-01')).toEqual([1]);
    expect(await versionsOn('2026-02-28')).toEqual([1]);
    expect(await versionsOn('2026-03-01')).toEqual([2]);
  });

  it('may settle in another currency than the program’s, and change it', async () => {
    const partnerId = await givenInvited(test);

    await givenContract(db(), partnerId, { currency: 'GBP' });
    await givenContract(db(), partnerId, { currency: 'EUR', validFrom: '2026-03-01' });

    expect(
      await db().find(Contract, { where: { partnerId }, order: { version: 'ASC' } }),
    ).toMatchObject([{ currency: 'GBP' }, { currency: 'EUR' }]);
  });

  it('keeps by version when points can be spent, and leaves what was signed', async () => {
    const partnerId = await givenInvited(test);

    await givenContract(db(), partnerId, { pending: 'DAYS', pendingDays: 14 });
    await givenContract(db(), partnerId, { validFrom: '2026-03-01' });

    expect(
      await db().find(Contract, { where: { partnerId }, order: { version: 'ASC' } }),
    ).toMatchObject([
      { pending: 'DAYS', pendingDays: 14 },
      { pending: 'AT_ONCE', pendingDays: null },
    ]);
  });

  it.each([
    ['INVALID', ['pendingDays'], { pending: 'DAYS' }],
    ['INVALID', ['pendingDays'], { pending: 'DAYS', pendingDays: 0 }],
    ['INVALID', ['pendingDays'], { pending: 'DAYS', pendingDays: 366 }],
    ['INVALID', ['pendingDays'], { pendingDays: 14 }],
    ['INVALID', ['currency'], { currency: 'eur' }],
    ['INVALID', ['issuePrice'], { issuePrice: '-0.01' }],
    ['INVALID', ['backdateDays'], { backdateDays: -1 }],
    ['INVALID', ['validFrom'], { validFrom: '2026-02-30' }],
    ['CONFLICT', ['validFrom'], { validFrom: '2020-01-01' }],
  ] as const)('refuses with %s %j, and changes nothing', async (code, path, fault) => {
    const partnerId = await givenInvited(test);
    await givenContract(db(), partnerId);

    await expect(
      givenContract(db(), partnerId, { validFrom: '2026-03-01', ...fault }),
    ).rejects.toEqual(refusal(code, [...path]));
    expect(await db().findBy(Contract, { partnerId })).toMatchObject([
      { version: 1, validTo: null },
    ]);
  });

  it('signs none with a partner that is not there, or has left', async () => {
    const partnerId = await givenInvited(test);
    await givenStatus(test, partnerId, 'TERMINATED');

    await expect(givenContract(db(), partnerId)).rejects.toEqual(
      refusal('NOT_ALLOWED', [], { subject: 'TERMINATED' }),
    );
    await expect(givenContract(db(), randomUUID())).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );
    await expect(givenContract(db(), 'shop')).rejects.toEqual(refusal('INVALID', ['partnerId']));

    expect(await db().countBy(Contract, { partnerId })).toBe(0);
    expect(await db().findOneBy(Partner, { id: partnerId })).toMatchObject({
      status: 'TERMINATED',
    });
  });

  it('signs one of many versions for the same day', async () => {
    const partnerId = await givenInvited(test);

    const { answers, reasons } = await race(db(), 8, () => givenContract(db(), partnerId));

    expect(answers).toHaveLength(1);
    const [{ id: subject }] = (await db().findBy(Contract, { partnerId })) as [Contract];
    expect(reasons).toEqual(Array(7).fill(refusal('CONFLICT', ['validFrom'], { subject })));
    expect(await db().countBy(Contract, { partnerId })).toBe(1);
  });
});

describe('activatePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const activate = (id: string, at = now) =>
    activatePartner(db(), { id }, { viewer: adminViewer(), clock: new SetClock(at) });
  const statusOf = async (id: string) => (await db().findOneByOrFail(Partner, { id })).status;

  it('names the steps that are missing, and goes through once all are done', async () => {
    const partnerId = await givenInvited(test);
    const missing = (subject: string) => refusal('NOT_ALLOWED', ['id'], { subject });

    await expect(activate(partnerId)).rejects.toEqual(
      missing('CONTRACT, EARN_RULES, API_CLIENT, WEBHOOK, SANDBOX_ACTIVITY, SANDBOX_REDEMPTION'),
    );
    expect(await ledgerAccounts(partnerId)).toBe(3n);
    await givenContract(db(), partnerId, { validFrom: '2026-03-01' });
    expect(await ledgerAccounts(partnerId)).toBe(3n);
    await givenRules(db(), partnerId, [aPointAUnit], new Date(now.getTime() + 1));
    await givenClient(test, partnerId, { sandbox: true });
    await expect(activate(partnerId)).rejects.toEqual(
      missing('EARN_RULES, API_CLIENT, WEBHOOK, SANDBOX_ACTIVITY, SANDBOX_REDEMPTION'),
    );
    expect(await statusOf(partnerId)).toBe('SANDBOX');
    await givenClient(test, partnerId);
    await givenTried(test, partnerId);
    const partner = await activate(partnerId, new Date(now.getTime() + 1));

    expect(partner.status).toBe('LIVE');
    expect(await statusOf(partnerId)).toBe('LIVE');
    expect(await ledgerAccounts(partnerId)).toBe(3n);
  });

  it('counts what test clients have tried with members of the sandbox, whom nobody else meets', async () => {
    const partnerId = await givenAgreed(test);
    const missing = async () => {
      const [onboarding] = await onboardingsOf(db(), [partnerId], { at: now, today: '2026-03-01' });
      return onboarding!.steps.filter(({ done }) => !done).map(({ code }) => code);
    };
    const tester = { ...partnerViewer(partnerId), sandbox: true };
    const members = test.db('members');
    const trial = await createSandboxMember(
      members,
      { displayName: 'Trial', points: 10n },
      { viewer: tester, clock },
    );
    const real = await givenMember(test, 10n);
    await members.insert(Consent, {
      memberId: real,
      partnerId,
      scopes: ['EARN', 'SPEND'],
      version: 1,
      grantedAt: now,
    });
    const record = (viewer: Viewer, id: string) =>
      recordActivity(
        db(),
        {
          member: { id },
          kind: 'PURCHASE',
          reference: 'R-1',
          occurredAt: now,
          amount: { amount: '40', currency: 'EUR' },
        },
        { viewer, clock },
      );
    const till = tillOf(test, partnerId, { at: now, sandbox: true });

    await expect(record(partnerViewer(partnerId), trial.id)).rejects.toEqual(
      refusal('PARTNER_INACTIVE'),
    );
    await expect(record(tester, real)).rejects.toEqual(refusal('NOT_FOUND', ['member']));
    await expect(till.hold(real, { points: 1n })).rejects.toEqual(refusal('NOT_FOUND', ['member']));
    expect(await missing()).toEqual(['WEBHOOK', 'SANDBOX_ACTIVITY', 'SANDBOX_REDEMPTION']);
    await record(tester, trial.id);
    expect(await missing()).toEqual(['WEBHOOK', 'SANDBOX_REDEMPTION']);
    const hold = await till.hold(trial.id, { points: 50n });
    expect(await missing()).toEqual(['WEBHOOK', 'SANDBOX_REDEMPTION']);
    await till.capture(hold.id, { points: 30n });
    await till.refund(hold.id, { points: 30n });
    expect(await missing()).toEqual(['WEBHOOK']);

    // Its points are of a currency of their own: in no figure of the coalition's.
    const accounts = await rows(
      test.owner(),
      'SELECT currency, balance FROM ledger.account WHERE member_id = $1',
      [trial.id],
    );
    expect(accounts).toEqual([{ currency: 'test', balance: 50n }]);
    expect(await counterBalances(test.owner(), { owner: partnerId, currency: 'PTS' })).toEqual([]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('gives the same answer again, also at once', async () => {
    const partnerId = await givenReady(test);

    const { answers } = await race(db(), 8, () => activate(partnerId));

    expect(answers.map(({ id, status }) => [id, status])).toEqual(
      Array(8).fill([partnerId, 'LIVE']),
    );
    expect(await activate(partnerId)).toMatchObject({ id: partnerId, status: 'LIVE' });
    expect(await ledgerAccounts(partnerId)).toBe(3n);
  });

  it('brings a suspended partner back, and none that has left', async () => {
    const partnerId = await givenReady(test);
    await activate(partnerId);

    await givenStatus(test, partnerId, 'SUSPENDED');
    expect(await activate(partnerId)).toMatchObject({ status: 'LIVE' });
    await givenStatus(test, partnerId, 'TERMINATED');
    await expect(activate(partnerId)).rejects.toEqual(refusal('NOT_ALLOWED'));

    expect(await statusOf(partnerId)).toBe('TERMINATED');
    // One that was suspended before it signed has its books, too.
    const early = await givenInvited(test);
    await givenStatus(test, early, 'SUSPENDED');
    await givenContract(db(), early);
    expect(await ledgerAccounts(early)).toBe(3n);
  });

  it('finds no partner where there is none', async () => {
    await expect(activate(randomUUID())).rejects.toEqual(refusal('NOT_FOUND', ['id']));
    await expect(activate('shop')).rejects.toEqual(refusal('INVALID', ['id']));
  });

  async function ledgerAccounts(partnerId: string): Promise<bigint> {
    const sql = 'SELECT count(*) FROM ledger.counter_account WHERE owner = $1';
    return (await rows<{ count: bigint }>(test.owner(), sql, [partnerId]))[0]!.count;
  }
});

describe('what partners publish to other parts', () => {
  const test = useTestDatabase();

  it('tells where every partner stands, and lists the live ones', async () => {
    const live = await givenPartner(test, { code: 'LIVE' });
    const draft = await givenInvited(test, { code: 'DRAFT' });
    const rewards = test.db('rewards-catalog');

    const snapshot = await rows(rewards, 'SELECT * FROM partners.snapshot($1) ORDER BY status', [
      [draft, live, randomUUID()],
    ]);
    const ids = await rows(rewards, 'SELECT live FROM partners.live()');

    expect(snapshot).toEqual([
      { id: draft, status: 'DRAFT' },
      { id: live, status: 'LIVE' },
    ]);
    expect(ids).toEqual([{ live }]);
  });

  it('keeps its tables, and its clients’ secrets, from the other parts', async () => {
    await expect(rows(test.db('members'), 'SELECT * FROM partners.partner')).rejects.toThrow(
      'permission denied',
    );
    await expect(
      rows(test.db('community'), `SELECT * FROM partners.find_api_client('x')`),
    ).rejects.toThrow('permission denied');
  });
});
