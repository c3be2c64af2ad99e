import { type Database, rows } from '../platform/database.ts';
import type { Mail } from '../platform/mail.ts';

/** What an erasure goes by. */
interface Settings {
  mail: Mail;
  /** How long a part may take. */
  partMs: number;
}

interface Taken {
  id: string;
  memberId: string;
  /** The parts that have erased. */
  done: string[];
}

/**
 * The parts, each with the schema whose function erases, in their order. Members are last: their
 * address is how others find what they know.
 */
const parts = [
  ['identity', 'identity'],
  ['community', 'community'],
  ['rewards-catalog', 'rewards'],
  ['partners', 'partners'],
  ['members', 'members'],
] as const;

/**
 * Lets the next part of an erasure forget its member, and keeps the receipt, all in one transaction:
 * each part does so once, and a worker that ends halfway leaves the rest to the next one. Where a part
 * fails, other members' erasures go first from then on.
 *
 * @returns how many receipts it kept; 0 where nothing is left to erase, or all of it has to wait
 */
export async function eraseNext(db: Database, settings: Settings): Promise<number> {
  let taken: Taken | undefined;
  try {
    return await db.transaction(async (tx) => {
      [taken] = await rows<Taken>(
        tx,
        'SELECT id, member_id AS "memberId", done FROM members.take_erasure()',
      );
      if (!taken) return 0;
      await erasePart(tx, taken, settings);
      return 1;
    });
  } catch (error) {
    if (taken) await rows(db, 'SELECT members.put_off_erasure($1)', [taken.id]);
    throw error;
  }
}

async function erasePart(
  tx: Database,
  { id, memberId, done }: Taken,
  { mail, partMs }: Settings,
): Promise<void> {
  const left = parts.filter(([part]) => !done.includes(part));
  const [part, schema] = left[0]!;
  const isLast = left.length === 1;
  if (isLast) {
    const found = await rows<{ address: string }>(
      tx,
      'SELECT a AS address FROM members.addresses_of($1) a',
      [memberId],
    );
    await mail.forget(found.map(({ address }) => address));
  }
  // A member of many years has many rows.
  await rows(tx, `SELECT set_config('statement_timeout', $1, true)`, [String(partMs)]);
  const [erased] = await rows<{ records: number }>(
    tx,
    `SELECT ${schema}.erase_member($1) AS records`,
    [memberId],
  );
  await rows(tx, 'SELECT members.keep_receipt($1, $2, $3, $4)', [
    id,
    part,
    erased!.records,
    isLast,
  ]);
}
