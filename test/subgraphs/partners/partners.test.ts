import { randomUUID } from 'node:crypto';
import { testConfig } from '../../support/config.ts';
import { createApiClient } from '../../../subgraphs/partners/api-clients.ts';
import { Contract, Partner } from '../../../subgraphs/partners/entities.ts';
import { contractOn } from '../../../subgraphs/partners/contracts.ts';
import { activatePartner, invitePartner } from '../../../subgraphs/partners/partners.ts';
import { rows } from '../../../platform/database.ts';
import { useTestDatabase } from '../../support/database.ts';
import {
  aPointAUnit,
  givenContract,
  givenInvited,
  givenPartner,
  givenRules,
} from '../../support/given-partners.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const now = new Date('2026-03-01T12:00:00Z');
const today = '2026-03-01';

describe('invitePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const invitation = {
    code: 'SHOP',
    name: ' Shop ',
    kind: 'RETAILER',
    contactEmail: 'it@shop.example',
  };

  it('makes a draft, and refuses its code to the next', async () => {
    const partner = await invitePartner(db(), { ...invitation, website: null }, now);

    expect(await db().findOneBy(Partner, { code: 'SHOP' })).toMatchObject({
      id: partner.id,
      name: 'Shop',
      kind: 'RETAILER',
      status: 'DRAFT',
      website: null,
    });
    await expect(invitePartner(db(), { ...invitation, name: 'Other' }, now)).rejects.toEqual(
      refusal('CONFLICT', ['code'], { subject: partner.id }),
    );
    expect(await db().countBy(Partner, { code: 'SHOP' })).toBe(1);
  });

  it.each([
    [['code'], { code: 'small' }],
    [['name'], { name: '  ' }],
    [['kind'], { kind: 'BANK' }],
    [['contactEmail'], { contactEmail: 'nobody' }],
    [['website'], { website: 'javascript:alert(1)' }],
  ])('refuses %j, and keeps nothing', async (path, fault) => {
    const inviting = async () =>
      invitePartner(db(), { ...invitation, code: 'FAULT', ...fault }, now);

    await expect(inviting()).rejects.toEqual(refusal('INVALID', path));
    expect(await db().countBy(Partner, { code: 'FAULT' })).toBe(0);
  });

  it('gives a code to one of those who ask at once', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => invitePartner(db(), { ...invitation, code: 'RACE' }, now)),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    const reasons = outcomes.flatMap((o) => (o.status === 'rejected' ? [o.reason as unknown] : []));
    expect(reasons).toEqual(Array(7).fill(refusal('CONFLICT', ['code'])));
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
    const versionOn = (day: string) => contractOn(contracts, day)?.version;
    expect(['2019-12-31', '2020-01-01', '2026-02-28', '2026-03-01'].map(versionOn)).toEqual([
      undefined,
      1,
      1,
      2,
    ]);
  });

  it.each([
    ['INVALID', ['currency'], { currency: 'USD' }],
    ['INVALID', ['issuePrice'], { issuePrice: '-0.01' }],
    ['INVALID', ['backdateDays'], { backdateDays: -1 }],
    ['INVALID', ['validFrom'], { validFrom: '2026-02-30' }],
    ['CONFLICT', ['validFrom'], { validFrom: '2020-01-01' }],
  ] as const)('refuses with %s %j, and changes nothing', async (code, path, fault) => {
    const partnerId = await givenInvited(test);
    await givenContract(db(), partnerId);

    const signing = async () =>
      givenContract(db(), partnerId, { validFrom: '2026-03-01', ...fault });

    await expect(signing()).rejects.toEqual(refusal(code, [...path]));
    expect(await db().findBy(Contract, { partnerId })).toMatchObject([
      { version: 1, validTo: null },
    ]);
  });

  it('finds no partner where there is none', async () => {
    await expect(givenContract(db(), randomUUID())).rejects.toEqual(
      refusal('NOT_FOUND', ['partnerId']),
    );
  });

  it('signs one of many versions for the same day', async () => {
    const partnerId = await givenInvited(test);

    const outcomes = await Promise.allSettled(
      Array.from({ length: 8 }, () => givenContract(db(), partnerId)),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await db().countBy(Contract, { partnerId })).toBe(1);
  });
});

describe('activatePartner', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const moment = { at: now, today };
  const statusOf = async (id: string) => (await db().findOneByOrFail(Partner, { id })).status;

  it('names the steps that are missing, and goes through once all are done', async () => {
    const partnerId = await givenInvited(test);
    const activate = () => activatePartner(db(), partnerId, moment);
    const missing = (subject: string) => refusal('NOT_ALLOWED', ['id'], { subject });

    await expect(activate()).rejects.toEqual(missing('CONTRACT, EARN_RULES, API_CLIENT'));
    await givenContract(db(), partnerId, { validFrom: '2026-03-01' });
    await givenRules(db(), partnerId, [aPointAUnit], new Date(now.getTime() + 1));
    await givenClient(partnerId, true);
    await expect(activate()).rejects.toEqual(missing('EARN_RULES, API_CLIENT'));
    expect(await statusOf(partnerId)).toBe('SANDBOX');
    await givenClient(partnerId, false);
    const after = { at: new Date(now.getTime() + 1), today };
    const partner = await activatePartner(db(), partnerId, after);

    expect(partner.status).toBe('LIVE');
    expect(await statusOf(partnerId)).toBe('LIVE');
    expect(await ledgerAccounts(partnerId)).toBe(2n);
  });

  it('gives the same answer again, also at once', async () => {
    const partnerId = await givenPartner(test);

    const answers = await Promise.all(
      Array.from({ length: 8 }, () => activatePartner(db(), partnerId, moment)),
    );

    expect(answers.map(({ id, status }) => [id, status])).toEqual(
      Array(8).fill([partnerId, 'LIVE']),
    );
    expect(await ledgerAccounts(partnerId)).toBe(2n);
  });

  it('brings a suspended partner back, and none that has left', async () => {
    const partnerId = await givenPartner(test);

    await db().update(Partner, { id: partnerId }, { status: 'SUSPENDED' });
    expect(await activatePartner(db(), partnerId, moment)).toMatchObject({ status: 'LIVE' });
    await db().update(Partner, { id: partnerId }, { status: 'TERMINATED' });
    await expect(activatePartner(db(), partnerId, moment)).rejects.toEqual(refusal('NOT_ALLOWED'));

    expect(await statusOf(partnerId)).toBe('TERMINATED');
  });

  function givenClient(partnerId: string, sandbox: boolean) {
    const idempotencyKey = randomUUID();
    const input = { partnerId, name: 'Tills', scopes: ['ACCRUALS_WRITE'], sandbox, idempotencyKey };
    return createApiClient(db(), adminViewer(), input, { at: now, sealKey: testConfig().sealKey });
  }

  async function ledgerAccounts(partnerId: string): Promise<bigint> {
    const sql = 'SELECT count(*) FROM ledger.counter_account WHERE owner = $1';
    return (await rows<{ count: bigint }>(test.owner(), sql, [partnerId]))[0]!.count;
  }
});

describe('what partners publish to other parts', () => {
  const test = useTestDatabase();

  it('names every partner, and lists the live ones', async () => {
    const live = await givenPartner(test, { code: 'LIVE' });
    const draft = await givenInvited(test, { code: 'DRAFT' });
    const members = test.db('members');

    const snapshot = await rows(members, 'SELECT * FROM partners.snapshot($1) ORDER BY code DESC', [
      [draft, live, randomUUID()],
    ]);
    const ids = await rows(members, 'SELECT live FROM partners.live()');

    expect(snapshot).toEqual([
      { id: live, code: 'LIVE', name: 'Brand LIVE', status: 'LIVE' },
      { id: draft, code: 'DRAFT', name: 'Brand DRAFT', status: 'DRAFT' },
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
