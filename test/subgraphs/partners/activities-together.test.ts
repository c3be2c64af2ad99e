import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { pino } from 'pino';
import type { DataSource } from 'typeorm';
import { auditLedger } from '../../../ledger/index.ts';
import { type Batches, openBatches } from '../../../platform/batches.ts';
import { SetClock } from '../../../platform/clock.ts';
import { roleOf } from '../../../platform/config.ts';
import { isUnavailable, openDatabase } from '../../../platform/connection.ts';
import { rows } from '../../../platform/database.ts';
import type { Limits } from '../../../platform/limits.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import {
  recordActivities,
  recordActivity,
} from '../../../subgraphs/partners/activities/activities.ts';
import type { RecordActivity } from '../../../subgraphs/partners/activities/reports.ts';
import type { Activity } from '../../../subgraphs/partners/entities.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { testConfig } from '../../support/config.ts';
import { entitiesOf, useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember, givenProvisional } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { refusal } from '../../support/refusal.ts';
import { callSubgraph, configOn, partnerViewer, testPlatform } from '../../support/subgraph.ts';
import { until } from '../../support/until.ts';

/** Of references, in the race. */
const rounds = Math.max(60, Number(process.env['TEST_ROUNDS'] ?? 0) / 2);

describe('activities that are recorded together', () => {
  const test = useTestDatabase();
  const now = new Date('2026-06-15T10:00:00Z');
  const isBusy = expect.objectContaining({
    extensions: { code: 'SUBGRAPH_UNAVAILABLE' },
  }) as unknown;

  /** A process of the partners part: a pool, and what gathers for it. */
  interface Process {
    source: DataSource;
    batches: Batches;
  }
  const processes: Process[] = [];
  /** Longer than PostgreSQL takes to find a deadlock, and than a busy machine takes for anything. */
  const patient = { lockMs: 10_000, statementMs: 20_000, batchWaitMs: 20_000 };

  async function givenProcess(limits: Partial<Limits> = {}): Promise<Process> {
    const all = { ...testConfig().limits, poolConnections: 4, ...patient, ...limits };
    const url = test.url(roleOf('partners'));
    const source = await openDatabase(url, entitiesOf.partners, all, 'test');
    const log = pino({ level: 'silent' });
    const clock = new SetClock(now);
    const process = { source, batches: openBatches(source.manager, { clock, log, limits: all }) };
    processes.push(process);
    return process;
  }
  async function endProcesses(): Promise<void> {
    for (const { source, batches } of processes.splice(0)) {
      await batches.drain();
      await source.destroy();
    }
  }
  afterEach(endProcesses);

  interface Till {
    partnerId: string;
    member: RecordActivity['member'];
    reference?: string;
    amount?: string;
  }

  const inputOf = ({ member, reference = randomUUID(), amount = '10.00' }: Till) => ({
    member,
    kind: 'PURCHASE' as const,
    reference,
    occurredAt: now,
    amount: { amount, currency: 'EUR' },
  });

  function record({ source, batches }: Process, till: Till): Promise<Activity> {
    const viewer = partnerViewer(till.partnerId, ['ACCRUALS_WRITE']);
    const by = { viewer, clock: new SetClock(now), batches };
    return recordActivity(source.manager, inputOf(till), by);
  }

  /** What became of each: its points, or what it was refused with. */
  async function outcomes(process: Process, tills: Till[]): Promise<unknown[]> {
    const settled = await Promise.allSettled(tills.map((till) => record(process, till)));
    return settled.map(
      (one) => (one.status === 'fulfilled' ? one.value.points : one.reason) as unknown,
    );
  }

  async function givenShop(): Promise<Till> {
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    return { partnerId, member: { id: memberId } };
  }

  const givenShops = (count: number) => Promise.all(Array.from({ length: count }, givenShop));

  /** What stands of these partners' activities, and in how many transactions it was written. */
  async function written(partnerIds: string[]) {
    const [found] = await rows<Record<string, bigint>>(
      test.owner(),
      `WITH own AS (SELECT id, xmin::text AS x FROM partners.activity WHERE partner_id = ANY ($1)),
         moved AS (
           SELECT t.points, t.xmin::text AS x FROM ledger.transfer t JOIN own ON own.id = t.source_id),
         told AS (
           SELECT o.xmin::text AS x FROM platform.outbox o
           WHERE o.type = 'activity.posted' AND o.partner_id = ANY ($1))
       SELECT (SELECT count(*) FROM own) AS activities, (SELECT count(*) FROM told) AS events,
         (SELECT count(*) FROM moved) AS movements,
         (SELECT coalesce(sum(points), 0)::bigint FROM moved) AS points,
         (SELECT count(DISTINCT x) FROM (TABLE own UNION ALL SELECT NULL, x FROM moved
            UNION ALL SELECT NULL, x FROM told) AS a (id, x)) AS transactions`,
      [partnerIds],
    );
    return Object.fromEntries(Object.entries(found!).map(([name, value]) => [name, Number(value)]));
  }

  /** Does something while another call holds the reference, which it records then. */
  function holding<Result>(till: Till, work: () => Promise<Result>): Promise<Result> {
    const reporter = { partnerId: till.partnerId, sandbox: false };
    return test.db('partners').transaction(async (tx) => {
      await recordActivities(tx, [inputOf(till)], { reporter, clock: new SetClock(now) });
      return work();
    });
  }

  /** The writers that wait for a reference. */
  const waitingWriters = () =>
    rows<{ pid: number }>(
      test.owner(),
      `SELECT pid FROM pg_stat_activity WHERE datname = current_database()
         AND wait_event_type = 'Lock' AND query LIKE 'INSERT INTO partners.activity%'`,
    );

  const idsOf = (tills: Till[]) => tills.map(({ partnerId }) => partnerId);

  it('stand in one transaction, each for its partner and its member', async () => {
    const shops = await givenShops(3);
    const process = await givenProcess({ batchWriters: 1 });

    const answers = await Promise.all(
      shops.flatMap((shop, index) =>
        ['5.50', '7.00'].map((amount) => record(process, { ...shop, amount: `${index}${amount}` })),
      ),
    );

    expect(answers.map(({ points, partnerId, memberId }) => [points, partnerId, memberId])).toEqual(
      shops.flatMap(({ partnerId, member: { id } }, index) => [
        [BigInt(10 * index + 5), partnerId, id],
        [BigInt(10 * index + 7), partnerId, id],
      ]),
    );
    // 5 + 7 + 15 + 17 + 25 + 27.
    expect(await written(idsOf(shops))).toEqual({
      activities: 6,
      events: 6,
      movements: 6,
      points: 96,
      transactions: 1,
    });
  });

  it('take as many statements for six partners as for one', async () => {
    const shops = await givenShops(6);
    const process = await givenProcess({ batchWriters: 1 });
    async function statements(tills: Till[]): Promise<number> {
      const asked = jest.spyOn(pg.Client.prototype, 'query');
      try {
        expect(await outcomes(process, tills)).toEqual(Array(6).fill(10n));
        return asked.mock.calls.length;
      } finally {
        asked.mockRestore();
      }
    }
    await record(process, shops[0]!);

    const ofOne = await statements(Array<Till>(6).fill(shops[0]!));

    expect(ofOne).toBeGreaterThan(5);
    expect(await statements(shops)).toBe(ofOne);
  });

  it('are refused each for its own reason, and the others are posted', async () => {
    const [shop, suspended, other] = (await givenShops(3)) as [Till, Till, Till];
    await givenStatus(test, suspended.partnerId, 'SUSPENDED');
    const account = { partnerAccount: 'c-1' };
    await givenProvisional(test, other.partnerId, 'c-1');
    const process = await givenProcess({ batchWriters: 1 });
    await record(process, { ...other, reference: 'known' });

    const answers = await outcomes(process, [
      shop,
      suspended,
      { ...shop, member: other.member },
      { ...other, member: account },
      { ...shop, member: account },
      { ...other, reference: 'known', amount: '11' },
      { ...shop, reference: 'known', amount: '12' },
      { ...shop, reference: ' ' },
    ]);

    expect(answers).toEqual([
      10n,
      refusal('PARTNER_INACTIVE'),
      refusal('NOT_FOUND', ['member']),
      10n,
      refusal('NOT_FOUND', ['member']),
      refusal('IDEMPOTENCY_MISMATCH', ['reference']),
      12n,
      refusal('INVALID', ['reference']),
    ]);
    expect(await written(idsOf([shop, suspended, other]))).toEqual({
      activities: 4,
      events: 4,
      movements: 4,
      points: 42,
      transactions: 2,
    });
  });

  it('are refused alone by the ledger', async () => {
    const [rich, shop] = (await givenShops(2)) as [Till, Till];
    const process = await givenProcess({ batchWriters: 1 });
    await record(process, { ...rich, amount: '1' });
    const setBalance = 'UPDATE ledger.account SET balance = $2 WHERE member_id = $1';
    await rows(test.owner(), setBalance, [rich.member.id, 2n ** 53n - 1n]);

    const answers = await outcomes(process, [shop, rich, shop, { ...rich, amount: '0.50' }]);

    expect(answers).toEqual([10n, refusal('LIMIT_REACHED'), 10n, 0n]);
    await rows(test.owner(), setBalance, [rich.member.id, 1n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('are not harmed by those in which something fails', async () => {
    const shops = await givenShops(4);
    const broken = shops[1]!;
    const account = `DELETE FROM ledger.counter_account WHERE owner = $1 AND kind = 'PARTNER_ISSUANCE'`;
    await rows(test.owner(), account, [broken.partnerId]);
    const process = await givenProcess({ batchWriters: 1 });

    const answers = await outcomes(process, [...shops, ...shops, ...shops]);

    const fault = expect.objectContaining({
      message: expect.stringContaining('knows no PARTNER_ISSUANCE account') as unknown,
    }) as unknown;
    expect(answers).toEqual([10n, fault, 10n, 10n, 10n, fault, 10n, 10n, 10n, fault, 10n, 10n]);
    expect(await written([broken.partnerId])).toMatchObject({ activities: 0, events: 0 });
    expect(await written(idsOf(shops))).toMatchObject({ activities: 9, events: 9, points: 90 });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('of one reference are one, and another input of it is refused', async () => {
    const shop = await givenShop();
    const process = await givenProcess({ batchWriters: 1 });
    const once = { ...shop, reference: 'once' };

    const settled = await Promise.allSettled([
      record(process, once),
      record(process, once),
      record(process, { ...once, amount: '11' }),
    ]);

    const [first, second, other] = settled as [
      PromiseFulfilledResult<Activity>,
      PromiseFulfilledResult<Activity>,
      PromiseRejectedResult,
    ];
    expect(second.value).toEqual(first.value);
    const { id } = first.value;
    expect(other.reason).toEqual(refusal('IDEMPOTENCY_MISMATCH', ['reference'], { subject: id }));
    expect(await record(process, once)).toEqual(first.value);
    expect(await written([shop.partnerId])).toMatchObject({ activities: 1, events: 1, points: 10 });
  });

  it('are posted once when two processes get all of them at once, in any order', async () => {
    const shops = await givenShops(3);
    // Everyone buys everywhere, so that batches meet in members too.
    for (const { partnerId } of shops) {
      for (const { member } of shops) await givenConsent(test, member.id!, partnerId);
    }
    const tills = Array.from({ length: rounds }, (_, index) => ({
      partnerId: shops[index % 3]!.partnerId,
      member: shops[(index >> 2) % 3]!.member,
      reference: `r-${index}`,
      amount: String(1 + index),
    }));
    const [one, other] = [await givenProcess(), await givenProcess()];

    const answers = await Promise.all([
      ...tills.map((till) => record(one, till)),
      ...tills.toReversed().map((till) => record(other, till)),
    ]);

    const [first, second] = [answers.slice(0, rounds), answers.slice(rounds).toReversed()];
    expect(second.map(({ id }) => id)).toEqual(first.map(({ id }) => id));
    expect(first.map(({ points }) => points)).toEqual(tills.map(({ amount }) => BigInt(amount)));
    expect(await written(idsOf(shops))).toMatchObject({
      activities: rounds,
      events: rounds,
      movements: rounds,
      points: (rounds * (rounds + 1)) / 2,
    });
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('never wait for one another in a circle, whatever order they arrive in', async () => {
    const shops = await givenShops(3);
    const tills = shops.map((shop) => ({ ...shop, reference: 'r' }));
    const limits = { batchWriters: 1 };
    const [one, other] = [await givenProcess(limits), await givenProcess(limits)];

    const [first, second] = await holding(tills[1]!, async () => {
      const batches = [outcomes(one, tills)];
      await until(async () => (await waitingWriters()).length === 1);
      batches.push(outcomes(other, tills.toReversed()));
      await until(async () => (await waitingWriters()).length === 2);
      return batches;
    });

    expect(await first).toEqual([10n, 10n, 10n]);
    expect(await second).toEqual([10n, 10n, 10n]);
    expect(await written(idsOf(shops))).toMatchObject({ activities: 3, events: 3, points: 30 });
    // What ends tells of its deadlocks.
    await endProcesses();
    const deadlocks = 'SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()';
    expect(await rows(test.owner(), deadlocks)).toEqual([{ deadlocks: 0n }]);
  });

  it('do not fail with one whose reference another call holds', async () => {
    const [shop, other] = (await givenShops(2)) as [Till, Till];
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, shop.partnerId);
    const held = { ...shop, member: { id: memberId }, reference: 'held' };
    const process = await givenProcess({ batchWriters: 1, lockMs: 200 });

    await holding(held, async () => {
      expect(await outcomes(process, [shop, other, held, shop, other])).toEqual([
        10n,
        10n,
        refusal('IN_PROGRESS'),
        10n,
        10n,
      ]);
    });

    expect(await outcomes(process, [held])).toEqual([10n]);
    expect(await written(idsOf([shop, other]))).toMatchObject({ activities: 5, events: 5 });
  });

  it('end all of them unknown when the database goes away, and can be sent again', async () => {
    const shops = await givenShops(2);
    const tills = shops.map((shop) => ({ ...shop, reference: 'again' }));
    const process = await givenProcess({ batchWriters: 1 });

    await holding(tills[0]!, async () => {
      const lost = outcomes(process, tills);
      await until(async () => (await waitingWriters()).length === 1);
      const [writer] = await waitingWriters();
      await rows(test.owner(), 'SELECT pg_terminate_backend($1)', [writer!.pid]);

      expect((await lost).map(isUnavailable)).toEqual([true, true]);
    });

    expect(await written([shops[1]!.partnerId])).toMatchObject({ activities: 0, events: 0 });
    expect(await outcomes(process, tills)).toEqual([10n, 10n]);
    expect(await written(idsOf(shops))).toMatchObject({ activities: 2, events: 2, points: 20 });
  });

  it('are refused at once when too many wait, and not recorded then', async () => {
    const shop = await givenShop();
    const held = { ...shop, reference: 'held' };
    const process = await givenProcess({ batchWriters: 1, batchWaiting: 2 });

    const { first, more } = await holding(held, async () => {
      const first = outcomes(process, [held]);
      await until(async () => (await waitingWriters()).length === 1);
      const more = outcomes(process, Array<Till>(5).fill(shop));
      await expect(record(process, shop)).rejects.toEqual(isBusy);
      return { first, more };
    });

    expect(await first).toEqual([10n]);
    expect(await more).toEqual([10n, 10n, isBusy, isBusy, isBusy]);
    expect(await written([shop.partnerId])).toMatchObject({ activities: 3, events: 3 });
  });

  describe('by the subgraph', () => {
    const mutation = `mutation ($input: ActivityInput!) {
      recordActivity(input: $input) { activity { points } userErrors { code } } }`;

    function givenSubgraph(environment: Record<string, string> = {}): Promise<Subgraph> {
      const config = configOn(test, environment);
      const limits = { ...config.limits, ...patient };
      return start({ ...config, limits }, testPlatform(new SetClock(now)));
    }

    const send = (subgraph: Subgraph, till: Till) =>
      callSubgraph(subgraph, partnerViewer(till.partnerId, ['ACCRUALS_WRITE']), mutation, {
        input: inputOf(till),
      });
    const answer = { recordActivity: { activity: { points: 10 }, userErrors: [] } };

    it.each([
      ['on', (transactions: number) => transactions < 20],
      ['off', (transactions: number) => transactions === 20],
    ])('with BATCHING %s are answered each', async (BATCHING, isRight) => {
      const shops = await givenShops(2);
      const stranger = { ...shops[0]!, member: { id: randomUUID() } };
      const subgraph = await givenSubgraph({ BATCHING });

      const tills = Array.from({ length: 20 }, (_, index) => shops[index % 2]!);
      const answers = await Promise.all([...tills, stranger].map((till) => send(subgraph, till)));
      await subgraph.drain();

      const refused = { recordActivity: { activity: null, userErrors: [{ code: 'NOT_FOUND' }] } };
      expect(answers.map(({ data }) => data)).toEqual([...Array<object>(20).fill(answer), refused]);
      const { activities, transactions } = await written(idsOf(shops));
      expect(activities).toBe(20);
      expect(isRight(transactions!)).toBe(true);
    });

    it('are finished before it is drained', async () => {
      const shop = await givenShop();
      const held = { ...shop, reference: 'held' };
      const subgraph = await givenSubgraph();
      let isDrained = false;

      const { calls, drained } = await holding(held, async () => {
        const calls = [send(subgraph, held)];
        await until(async () => (await waitingWriters()).length === 1);
        calls.push(send(subgraph, held));
        await until(async () => (await waitingWriters()).length === 2);
        // Both writers are busy: this one waits in the process.
        const asked = jest.spyOn(pg.Client.prototype, 'query');
        calls.push(send(subgraph, shop));
        await until(() => Promise.resolve(asked.mock.calls.length > 0));
        asked.mockRestore();
        await sleep(50);
        const drained = subgraph.drain().then(() => (isDrained = true));
        await sleep(50);
        expect(isDrained).toBe(false);
        return { calls, drained };
      });
      const answers = await Promise.all(calls);
      await drained;

      expect(answers.map(({ data }) => data)).toEqual([answer, answer, answer]);
      expect(await written([shop.partnerId])).toMatchObject({ activities: 2, events: 2 });
    });
  });
});
