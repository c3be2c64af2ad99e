import { randomUUID } from 'node:crypto';
import {
  type StagedAccrual,
  accruePoints,
  auditLedger,
  postStaged,
  rejectedRows,
  stageAccruals,
  stagedFile,
} from '../../ledger/index.ts';
import { SetClock } from '../../platform/clock.ts';
import { rows } from '../../platform/database.ts';
import { limits } from '../../platform/limits.ts';
import { useTestDatabase } from '../support/database.ts';
import { anAccrual, givenLedgerPartner, givenPoints, noon } from '../support/given-points.ts';
import { refusal } from '../support/refusal.ts';
import { until } from '../support/until.ts';

const test = useTestDatabase();
const db = () => test.db('partners');
const clock = new SetClock(noon);
let issuerId: string;

beforeAll(async () => {
  issuerId = await givenLedgerPartner(test);
});

function aRow(row: Partial<StagedAccrual> = {}): StagedAccrual {
  const { at: _, ...accrual } = anAccrual({
    memberId: randomUUID(),
    issuerId,
    points: 10n,
    ...row,
  });
  return accrual;
}

function stage(file: StagedAccrual[], fileId: string = randomUUID()) {
  return stageAccruals(db(), { fileId, rows: file, at: noon });
}

/** What the ledger has of these rows, counted by their sources. */
async function movementsOf(file: StagedAccrual[]): Promise<{ count: bigint; points: bigint }> {
  const [found] = await rows<{ count: bigint; points: bigint }>(
    test.owner(),
    `SELECT count(*), coalesce(sum(points), 0)::bigint AS points FROM ledger.transfer
     WHERE source_id = ANY ($1)`,
    [file.map(({ source }) => source.id)],
  );
  return found!;
}

async function waiting(fileId: string): Promise<bigint> {
  const [found] = await rows<{ count: bigint }>(
    test.owner(),
    'SELECT count(*) FROM ledger.staged_accrual WHERE file_id = $1',
    [fileId],
  );
  return found!.count;
}

/** More than one transaction takes: 4,500 rows of 900 members, 45,000 points. */
function aLargeFile(): StagedAccrual[] {
  const members = Array.from({ length: 900 }, () => randomUUID());
  return Array.from({ length: 4_500 }, (_, line) => aRow({ memberId: members[line % 900]! }));
}

describe('a staged file', () => {
  it('is posted row by row as accruals are', async () => {
    const [ada, ben] = [randomUUID(), await givenPoints(test, 100n, issuerId)];
    // Something is due with this one: it is no row for the fast path.
    await accruePoints(
      db(),
      anAccrual({ memberId: ben, issuerId, points: 5n, activatesAt: new Date(+noon + 1_000) }),
    );
    const text = 'A tab\tand a line\nand a \\ and "quotes" ✓';
    const file = [
      aRow({ memberId: ada, points: 7n, description: text }),
      aRow({ memberId: ben, points: 20n }),
      aRow({ memberId: ada, points: 30n, activatesAt: 'onAction', expiresAt: null }),
    ];

    const staged = await stage(file);
    const later = new SetClock(new Date(+noon + 60_000));
    const posted = await postStaged(db(), staged.fileId, { clock: later });

    expect(staged).toMatchObject({ lines: 3n, posted: 0n });
    expect(posted).toMatchObject({ lines: 3n, posted: 3n, repeated: 0n, rejected: 0n });
    const entries = await rows(
      test.owner(),
      `SELECT t.balance_after AS balance, t.description, l.activates_at = 'infinity' AS waits
       FROM ledger.transfer t JOIN ledger.lot l USING (member_id, transfer_id)
       WHERE t.transfer_id = ANY ($1) ORDER BY t.balance_after`,
      [file.map(({ key }) => key)],
    );
    expect(entries).toEqual([
      { balance: 7n, description: text, waits: false },
      { balance: 37n, description: 'Purchase', waits: true },
      { balance: 125n, description: 'Purchase', waits: false },
    ]);
    expect(await waiting(staged.fileId)).toBe(0n);
  });

  it('is taken as a whole or not at all', async () => {
    const fileId = randomUUID();
    const file = [aRow(), aRow({ description: 'zero \0' }), aRow()];

    await expect(stage(file, fileId)).rejects.toEqual(
      refusal('INVALID', ['rows', '2', 'description']),
    );

    expect(await waiting(fileId)).toBe(0n);
    await expect(postStaged(db(), fileId, { clock })).rejects.toEqual(
      refusal('NOT_FOUND', ['fileId']),
    );
    expect(await stage([aRow()], fileId)).toMatchObject({ lines: 1n });
  });

  it('has its refused rows told, and posts the others', async () => {
    const used = anAccrual({ memberId: randomUUID(), issuerId, points: 1n });
    await accruePoints(db(), used);
    const rich = await givenPoints(test, 1n, issuerId);
    const setBalance = (balance: bigint) =>
      rows(test.owner(), 'UPDATE ledger.account SET balance = $2 WHERE member_id = $1', [
        rich,
        balance,
      ]);
    await setBalance(2n ** 53n - 1n);
    const tooMuch = aRow({ memberId: rich });
    const file = [
      aRow({ points: 0n }),
      aRow({ issuerId: randomUUID() }),
      aRow({ currency: 'NONE' }),
      aRow({ memberId: used.memberId, key: used.key }),
      tooMuch,
      aRow({ points: 77n }),
      tooMuch,
    ];

    const { fileId } = await stage(file);
    const posted = await postStaged(db(), fileId, { clock });

    expect(posted).toMatchObject({ posted: 1n, repeated: 0n, rejected: 6n });
    const rejected = await rejectedRows(db(), fileId, { first: 10 });
    expect(rejected.map(({ line, outcome }) => [line, outcome])).toEqual([
      [1n, 'INVALID_POINTS'],
      [2n, 'UNKNOWN_PARTNER'],
      [3n, 'UNKNOWN_CURRENCY'],
      [4n, 'IDEMPOTENCY_MISMATCH'],
      [5n, 'LIMIT_REACHED'],
      [7n, 'LIMIT_REACHED'],
    ]);
    expect(await rejectedRows(db(), fileId, { first: 1, after: 5n })).toEqual(rejected.slice(5));
    expect(await movementsOf(file)).toEqual({ count: 1n, points: 77n });
    await setBalance(1n);
  });

  it('adds nothing when it comes again, under its own name or another', async () => {
    const twice = aRow();
    const file = [aRow(), twice, twice, aRow({ memberId: twice.memberId })];
    const { fileId } = await stage(file);
    const first = await postStaged(db(), fileId, { clock });

    const again = await stageAccruals(db(), {
      fileId,
      at: noon,
      rows: {
        [Symbol.iterator]() {
          throw new Error('A file that is there is not read.');
        },
      },
    });
    const other = await stage(file);

    expect(first).toMatchObject({ posted: 3n, repeated: 1n });
    expect(again).toEqual(first);
    expect(await postStaged(db(), fileId, { clock })).toEqual(first);
    expect(await postStaged(db(), other.fileId, { clock })).toMatchObject({
      posted: 0n,
      repeated: 4n,
    });
    expect(await movementsOf(file)).toEqual({ count: 3n, points: 30n });
  });

  it('goes on where it stood when its writers are cut off', async () => {
    const file = aLargeFile();
    const last = file
      .map(({ memberId }) => memberId)
      .toSorted()
      .at(-1)!;
    await accruePoints(db(), anAccrual({ memberId: last, issuerId, points: 1n }));
    const { fileId } = await stage(file);

    // The last member's account is held by another: the writers come to a stop before the end.
    await test.owner().transaction(async (tx) => {
      await rows(tx, 'SELECT FROM ledger.account WHERE member_id = $1 FOR UPDATE', [last]);
      const posting = postStaged(db(), fileId, { clock }).then(
        () => 'posted',
        () => 'cut off',
      );
      await until(async () => {
        const [one, ...others] = await writers('wait_event_type');
        return one?.value === 'Lock' && others.length === 0;
      });
      await writers('pg_terminate_backend(pid)::text');
      expect(await posting).toBe('cut off');
    });

    const between = await stagedFile(db(), fileId);
    expect(between.posted).toBe(2n * BigInt(limits.stagedBatchRows));
    expect(await waiting(fileId)).toBe(500n);
    expect((await movementsOf(file)).count).toBe(between.posted);
    expect(await postStaged(db(), fileId, { clock })).toMatchObject({
      posted: 4_500n,
      repeated: 0n,
      rejected: 0n,
    });
    expect(await movementsOf(file)).toEqual({ count: 4_500n, points: 45_000n });
  });

  it('is posted once by several who post it at once', async () => {
    const file = aLargeFile();
    const { fileId } = await stage(file);
    let taken = 0;
    const onProgress = (count: number) => (taken += count);

    await Promise.all([
      postStaged(db(), fileId, { clock, onProgress }),
      postStaged(db(), fileId, { clock, onProgress }),
      stage(file, fileId),
    ]);

    expect(taken).toBe(4_500);
    expect(await stagedFile(db(), fileId)).toMatchObject({ posted: 4_500n, repeated: 0n });
    expect(await movementsOf(file)).toEqual({ count: 4_500n, points: 45_000n });
    expect(await waiting(fileId)).toBe(0n);
  });

  it('leaves a sound ledger', async () => {
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});

/** What there is to tell of connections that are at work for the part. */
function writers(value: string): Promise<{ value: string | null }[]> {
  return rows(
    test.owner(),
    `SELECT ${value} AS value FROM pg_stat_activity
     WHERE datname = current_database() AND usename = 'coalition_partners' AND state <> 'idle'`,
  );
}
