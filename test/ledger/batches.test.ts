import { randomUUID } from 'node:crypto';
import { type CommandFields, post as postAt } from '../../ledger/commands.ts';
import { auditLedger, balancesOf } from '../../ledger/index.ts';
import { type Database, rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenLedgerPartner, givenPoints, noon } from '../support/given-points.ts';
import { accountOf } from '../support/ledger-rows.ts';
import { until } from '../support/until.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
let partnerId: string;

beforeAll(async () => {
  partnerId = await givenLedgerPartner(test);
});

/** A command as the ledger's function reads it. */
function asked(kind: string, member: string, points: number, more: object = {}): CommandFields {
  return {
    kind,
    member_id: member,
    key: randomUUID(),
    currency: 'PTS',
    points: String(points),
    partner_id: partnerId,
    issue_price: '0.01',
    source_kind: 'activity',
    source_id: randomUUID(),
    description: 'One of many',
    ...more,
  };
}

const post = (tx: Database, commands: CommandFields[]) => postAt(tx, noon, commands);
const balanceOf = async (memberId: string) => (await accountOf(test, memberId))?.balance;

describe('a list of commands', () => {
  it('answers each in its place, whatever its kind', async () => {
    const [ada, ben, eve] = [await givenPoints(test, 100n, partnerId), randomUUID(), randomUUID()];

    const answers = await post(db(), [
      asked('REDEEM', ada, 101),
      asked('ACCRUE', ben, 7),
      asked('TRANSFER', ada, 60, { other_member_id: eve }),
      asked('REDEEM', eve, 1_000),
      asked('REDEEM', ben, 5),
    ]);

    expect(answers).toMatchObject([
      { outcome: 'INSUFFICIENT_POINTS', available: 100n },
      { outcome: 'POSTED', balance: 7n },
      { outcome: 'POSTED', balance: 40n },
      { outcome: 'INSUFFICIENT_POINTS' },
      { outcome: 'POSTED', balance: 2n },
    ]);
    expect(await Promise.all([ada, ben, eve].map(balanceOf))).toEqual([40n, 2n, 60n]);
  });

  it('shows no account of who was to have points that were refused', async () => {
    const [ada, ben] = [await givenPoints(test, 100n, partnerId), randomUUID()];

    const answers = await post(db(), [asked('TRANSFER', ada, 101, { other_member_id: ben })]);

    expect(answers).toMatchObject([{ outcome: 'INSUFFICIENT_POINTS', available: 100n }]);
    for (const as of [{}, { knownAt: new Date(noon.getTime() - 1) }]) {
      const [has] = await balancesOf(db(), [{ memberId: ben }], noon, as);
      expect(has).toMatchObject({ opened: false, available: 0n });
    }
  });

  it('posts a key once, and lets it be used again where its command was refused', async () => {
    const ada = await givenPoints(test, 100n, partnerId);
    const one = asked('REDEEM', ada, 30);
    const tooMuch = asked('REDEEM', ada, 90);
    const other = { ...one, points: '31' };

    const answers = await post(db(), [one, tooMuch, one, other, tooMuch]);

    expect(answers).toMatchObject([
      { outcome: 'POSTED', balance: 70n },
      { outcome: 'INSUFFICIENT_POINTS', available: 70n },
      { outcome: 'REPEATED', balance: 70n },
      { outcome: 'IDEMPOTENCY_MISMATCH' },
      { outcome: 'INSUFFICIENT_POINTS', available: 70n },
    ]);
    const later = await post(db(), [asked('ACCRUE', ada, 20), tooMuch]);
    expect(later).toMatchObject([{ balance: 90n }, { outcome: 'POSTED', balance: 0n }]);
  });

  it('posts the rest of a list whose first was posted before', async () => {
    const [ada, ben, eve] = await Promise.all(
      [1, 2, 3].map(() => givenPoints(test, 100n, partnerId)),
    );
    const first = asked('REDEEM', ada!, 30);
    await post(db(), [first]);

    const answers = await post(db(), [
      first,
      asked('HOLD', ben!, 40, { expires_at: '2026-03-02T00:00:00Z' }),
      asked('REDEEM', eve!, 50),
    ]);

    expect(answers).toMatchObject([
      { outcome: 'REPEATED', balance: 70n },
      { outcome: 'POSTED', balance: 100n, points: 40n },
      { outcome: 'POSTED', balance: 50n },
    ]);
    expect(await accountOf(test, ben!)).toMatchObject({ balance: 100n, held: 40n });
  });

  it('never blocks another, in whatever order and of whatever kinds they come', async () => {
    const old = await Promise.all(
      Array.from({ length: 6 }, () => givenPoints(test, 1_000n, partnerId)),
    );
    const members = [...old, ...Array.from({ length: 6 }, () => randomUUID())];
    const accrue = (order: string[]) => order.map((member) => asked('ACCRUE', member, 1));
    const mixed = (order: string[]) =>
      order.map((member, index) =>
        index % 3 === 0
          ? asked('TRANSFER', old[index % 6]!, 1, { other_member_id: members[11 - (index % 3)] })
          : asked(index % 3 === 1 ? 'ACCRUE' : 'REDEEM', member, 1),
      );

    // Not through `transaction`, which would try a deadlock again.
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) => {
        const order = n % 4 < 2 ? members : members.toReversed();
        return db().transaction((tx) => post(tx, n % 2 ? accrue(order) : mixed(order)));
      }),
    );

    const outcomes = new Set(answers.flat().map(({ outcome }) => outcome));
    expect([...outcomes].filter((outcome) => outcome !== 'INSUFFICIENT_POINTS')).toEqual([
      'POSTED',
    ]);
  });

  it('waits for no account that was opened after it had begun, or two could wait for each other', async () => {
    const [first, second] = [randomUUID(), randomUUID()].toSorted() as [string, string];
    await post(db(), [asked('ACCRUE', second, 100)]);
    const lock = (tx: Database, member: string) =>
      rows(tx, 'SELECT FROM ledger.account WHERE member_id = $1 FOR UPDATE', [member]);
    const waits = async () => {
      const [{ count }] = (await rows<{ count: bigint }>(
        test.owner(),
        `SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      )) as [{ count: bigint }];
      return count > 0n;
    };

    const answers = await test.owner().transaction(async (other) => {
      const posted = await test.owner().transaction(async (holder) => {
        await lock(holder, second);
        const posting = post(db(), [asked('REDEEM', first, 1), asked('REDEEM', second, 1)]);
        await until(waits);
        await post(db(), [asked('ACCRUE', first, 100)]);
        await lock(other, first);
        return { posting };
      });
      return posted.posting;
    });

    expect(answers).toMatchObject([{ outcome: 'INSUFFICIENT_POINTS' }, { outcome: 'POSTED' }]);
  });

  it('stands as a whole or not at all where one is a fault', async () => {
    const ada = await givenPoints(test, 100n, partnerId);

    await expect(
      post(db(), [asked('REDEEM', ada, 30), asked('REDEEM', ada, 1, { partner_id: randomUUID() })]),
    ).rejects.toThrow('knows no PARTNER_REDEMPTION account');

    expect(await balanceOf(ada)).toBe(100n);
  });

  it('has 500 at most, or nothing of it stands', async () => {
    const [ada, ben] = [await givenPoints(test, 600n, partnerId), randomUUID()];
    const list = (count: number) => Array.from({ length: count }, () => asked('REDEEM', ada, 1));

    await expect(post(db(), [asked('ACCRUE', ben, 1), ...list(500)])).rejects.toThrow(
      'A list has 500 commands at most, not 501.',
    );

    expect(await Promise.all([ada, ben].map(balanceOf))).toEqual([600n, undefined]);
    expect(await post(db(), list(500))).toHaveLength(500);
    expect(await balanceOf(ada)).toBe(100n);
  });

  it('may be empty', async () => {
    expect(await post(db(), [])).toEqual([]);
  });
});

describe('after all of this, and last', () => {
  it('the ledger is sound', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
