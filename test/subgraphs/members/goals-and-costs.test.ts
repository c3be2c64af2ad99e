import { randomUUID } from 'node:crypto';
import { Big } from 'big.js';
import { AuditEvent } from '../../../platform/audit-log.ts';
import { addDays } from '../../../platform/calendar.ts';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { costsOf, recordProgramCost } from '../../../subgraphs/members/reports/costs.ts';
import { ProgramGoal } from '../../../subgraphs/members/reports/entities.ts';
import { listGoals, percentOf, setProgramGoal } from '../../../subgraphs/members/reports/goals.ts';
import { useTestDatabase } from '../../support/database.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const by = { viewer: adminViewer(['PROGRAM_MANAGE']), clock: databaseClock };
const year = { from: '2026-01-01', to: '2026-12-31' };

describe('recordProgramCost', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const aCost = (more: object = {}) => ({
    kind: 'MARKETING' as const,
    on: '2026-03-01',
    amount: { amount: '1200.50', currency: 'EUR' },
    reference: randomUUID(),
    ...more,
  });
  const of = (from: string, to: string) => costsOf(db(), { from, to }, 'EUR');
  const recorded = () => rows(test.owner(), 'SELECT * FROM members.recorded_cost ORDER BY id');

  it('adds up by kind what fell on the days of a period, both of which count', async () => {
    await recordProgramCost(db(), aCost(), by);
    await recordProgramCost(db(), aCost({ on: '2026-03-31' }), by);
    await recordProgramCost(db(), aCost({ on: '2026-04-01' }), by);
    const hosting = { kind: 'TECHNOLOGY', amount: { amount: '0.07', currency: 'EUR' } };
    await recordProgramCost(db(), aCost(hosting), by);

    const march = await of('2026-03-01', '2026-03-31');
    expect(march.map(({ kind, amount }) => [kind, amount.amount])).toEqual([
      ['TECHNOLOGY', '0.07'],
      ['MARKETING', '2401.00'],
      ['MANAGEMENT', '0.00'],
      ['REWARDS', '0.00'],
      ['SERVICE', '0.00'],
    ]);
    const acts = await test
      .owner()
      .query<AuditEvent[]>(`SELECT * FROM platform.audit_event WHERE action = 'recordProgramCost'`);
    expect(acts).toHaveLength(4);
  });

  it.each([
    ['the money of others', { amount: { amount: '1', currency: 'USD' } }, ['amount', 'currency']],
    ['parts of a cent', { amount: { amount: '1.005', currency: 'EUR' } }, ['amount', 'amount']],
    ['no day', { on: '2026-02-30' }, ['on']],
    ['no reference', { reference: ' ' }, ['reference']],
  ])('refuses %s, and records nothing', async (_, wrong, path) => {
    const before = await recorded();
    await expect(recordProgramCost(db(), aCost(wrong), by)).rejects.toEqual(
      refusal('INVALID', path),
    );
    expect(await recorded()).toEqual(before);
  });

  it('records once what is sent again, and refuses the reference for another cost', async () => {
    const cost = aCost();
    await recordProgramCost(db(), cost, by);
    const once = await recorded();

    await recordProgramCost(db(), { ...cost, amount: { amount: '1200.5', currency: 'EUR' } }, by);
    await expect(recordProgramCost(db(), { ...cost, on: '2026-03-02' }, by)).rejects.toEqual(
      refusal('IDEMPOTENCY_MISMATCH', ['reference']),
    );
    expect(await recorded()).toEqual(once);
  });

  it('records once what several send at once', async () => {
    const before = await recorded();
    const cost = aCost();
    const { reasons } = await race(db(), 4, () => recordProgramCost(db(), cost, by));

    expect(reasons).toEqual([]);
    expect(await recorded()).toHaveLength(before.length + 1);
  });
});

describe('setProgramGoal', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const aGoal = { measure: 'CHURN' as const, period: year, target: '0.05' };
  beforeEach(() => rows(test.owner(), 'DELETE FROM members.program_goal'));

  it('sets a goal, and changes it by its id', async () => {
    await setProgramGoal(db(), aGoal, by);
    const [goal] = await listGoals(db());
    expect(goal).toMatchObject({ measure: 'CHURN', startsOn: year.from, endsOn: year.to });

    await setProgramGoal(db(), { ...aGoal, id: goal!.id, target: '0.040' }, by);
    const all = await listGoals(db());
    expect(all).toMatchObject([{ id: goal!.id, measure: 'CHURN', target: '0.04' }]);
    const [act] = await rows<AuditEvent>(
      test.owner(),
      `SELECT changes FROM platform.audit_event WHERE action = 'setProgramGoal'
       ORDER BY sequence DESC LIMIT 1`,
    );
    expect(act!.changes).toEqual([{ field: 'target', before: '0.05', after: '0.04' }]);
  });

  it.each([
    ['more than the whole', { target: '1.01' }, 'INVALID', ['target']],
    ['nothing to reach', { target: '0.00' }, 'INVALID', ['target']],
    [
      'a period that ends first',
      { period: { from: year.to, to: year.from } },
      'INVALID',
      ['period', 'from'],
    ],
    [
      'more than a year of what members did',
      { period: { from: '2026-01-01', to: '2027-01-02' } },
      'INVALID',
      ['period', 'to'],
    ],
    ['a goal that is not there', { id: randomUUID() }, 'NOT_FOUND', ['id']],
    ['the same again with another target', { target: '0.2' }, 'CONFLICT', ['measure']],
  ] as const)('refuses %s, and changes nothing', async (_, wrong, code, path) => {
    await setProgramGoal(db(), aGoal, by);
    const before = await listGoals(db());

    await expect(setProgramGoal(db(), { ...aGoal, ...wrong }, by)).rejects.toEqual(
      refusal(code, [...path]),
    );
    expect(await listGoals(db())).toEqual(before);
  });

  it('refuses more goals than a program has', async () => {
    const ending = (days: number) => ({ ...year, to: addDays(year.from, days) });
    for (let days = 0; days < 24; days++) {
      await setProgramGoal(db(), { ...aGoal, period: ending(days) }, by);
    }

    const more = { ...aGoal, period: ending(24) };
    await expect(setProgramGoal(db(), more, by)).rejects.toEqual(refusal('LIMIT_REACHED'));
    expect(await listGoals(db())).toHaveLength(24);
  });

  it('sets one goal where several set the same at once', async () => {
    const { reasons } = await race(db(), 4, () => setProgramGoal(db(), aGoal, by));

    expect(reasons).toEqual([]);
    expect(await listGoals(db())).toHaveLength(1);
  });

  it.each([
    ['RETENTION', '0.8', '0.7999', 99],
    ['RETENTION', '0.8', '0.8', 100],
    ['AVERAGE_ORDER_VALUE', '40', '60', 100],
    ['CHURN', '0.05', '0.1', 50],
    ['CHURN', '0.05', '0.05001', 99],
    ['CHURN', '0.05', '0', 100],
    ['ENGAGEMENT', '0.3', '0', 0],
  ] as const)(
    'of %s, aimed at %s, with %s is %i per cent reached',
    (measure, target, now, percent) => {
      expect(percentOf({ measure, target } as ProgramGoal, new Big(now))).toBe(percent);
    },
  );
});
