import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { eachOnce, id, parseInput } from '../../../platform/input.ts';
import { type Page, newestOf } from '../../../platform/paging.ts';
import { Member } from '../membership/entities.ts';
import { Notification } from './entities.ts';
import { channels, kinds } from './kinds.ts';

/** The member whose notifications they are. */
interface Reader {
  memberId: string;
  clock: Clock;
}

/**
 * The notifications of many members, newest first; of each at most one more than the page has. What
 * goes by e-mail alone is not among them.
 */
export function notificationsOf(
  db: Database,
  memberIds: string[],
  { page, unreadOnly }: { page: Page; unreadOnly: boolean },
): Promise<Notification[]> {
  return newestOf(db, Notification, {
    owner: 'member_id',
    ownerIds: memberIds,
    page,
    where: 'one.in_app AND (NOT $5 OR one.read_at IS NULL)',
    values: [unreadOnly],
  });
}

/** How many notifications these members have not read, in their order. */
export async function unreadOf(db: Database, memberIds: readonly string[]): Promise<number[]> {
  const counted = await rows<{ unread: number }>(
    db,
    `SELECT (SELECT count(*)::integer FROM members.notification n
             WHERE n.member_id = m.id AND n.in_app AND n.read_at IS NULL) AS unread
     FROM unnest($1::uuid[]) WITH ORDINALITY AS m (id, place) ORDER BY place`,
    [memberIds],
  );
  return counted.map(({ unread }) => unread);
}

const reading = z.object({
  ids: z.array(id).min(1, 'must hold one or more').max(100, 'must hold 100 at most'),
});

/**
 * Notes that the member has read these. What was read stays as it was; ids of others do nothing.
 *
 * @throws Refusal INVALID no ids, more than 100, or what is no id
 */
export async function markRead(
  db: Database,
  input: z.input<typeof reading>,
  { memberId, clock }: Reader,
): Promise<Member> {
  const { ids } = parseInput(reading, input);
  return transaction(db, async (tx) => {
    await rows(
      tx,
      `UPDATE members.notification SET read_at = $3
       WHERE id = ANY ($1::uuid[]) AND member_id = $2 AND in_app AND read_at IS NULL`,
      [ids, memberId, await clock.now(tx)],
    );
    return tx.findOneByOrFail(Member, { id: memberId });
  });
}

/** By which ways a member hears of one kind of thing. */
export interface Preference {
  kind: Notification['kind'];
  channels: (typeof channels)[number][];
}

/** What each of these members hears of by which ways, of every kind one, in the contract's order. */
export function preferencesOf(
  db: Database,
  memberIds: readonly string[],
): Promise<(Preference & { memberId: string })[]> {
  return rows(
    db,
    `SELECT member_id AS "memberId", kind, channels FROM members.channels_of($1) ORDER BY place`,
    [memberIds],
  );
}

const wishes = z.object({
  preferences: z
    .array(
      z
        .object({ kind: z.enum(kinds), channels: z.array(z.enum(channels)).max(2) })
        .refine(
          ({ kind, channels: wanted }) => kind !== 'SECURITY' || wanted.includes('EMAIL'),
          'of what concerns safety, an e-mail always goes',
        ),
    )
    .min(1, 'must hold one or more')
    .max(kinds.length, 'names each kind once')
    .superRefine(eachOnce(({ kind }) => kind, ['kind'])),
});

/**
 * Chooses by which ways the member hears of some kinds of things, and leaves the other kinds as they
 * are. No channel: nothing is told. Who is closed is told nothing, and chooses nothing.
 *
 * @throws Refusal INVALID no kind, one twice, SECURITY without an e-mail, or an e-mail for what advertises
 *   to a member who has not opted in
 */
export async function updatePreferences(
  db: Database,
  input: z.input<typeof wishes>,
  { memberId }: Pick<Reader, 'memberId'>,
): Promise<Member> {
  const { preferences } = parseInput(wishes, input);
  return transaction(db, async (tx) => {
    await requireOptIn(tx, preferences, memberId);
    await rows(
      tx,
      `INSERT INTO members.notification_preference (member_id, kind, channels)
       SELECT $1, p.kind, ARRAY(SELECT DISTINCT unnest(p.channels) ORDER BY 1 DESC)
       FROM jsonb_to_recordset($2) AS p (kind text, channels text[])
       JOIN members.member m ON m.id = $1 AND m.status <> 'CLOSED'
       ORDER BY p.kind
       ON CONFLICT (member_id, kind) DO UPDATE SET channels = excluded.channels`,
      [memberId, JSON.stringify(preferences)],
    );
    return tx.findOneByOrFail(Member, { id: memberId });
  });
}

/** What advertises would not come by e-mail: who asks for it is told what is missing. */
async function requireOptIn(
  tx: Database,
  preferences: Preference[],
  memberId: string,
): Promise<void> {
  const refused = await rows<{ kind: string }>(
    tx,
    `SELECT k.kind FROM members.notice_kinds() k JOIN members.member m ON m.id = $1
     WHERE k.advertises AND NOT m.marketing_opt_in`,
    [memberId],
  );
  const place = preferences.findIndex(
    (each) => each.channels.includes('EMAIL') && refused.some(({ kind }) => kind === each.kind),
  );
  if (place < 0) return;
  const message =
    'goes by e-mail to those alone who opted in: see `marketingOptIn` of the profile.';
  throw new Refusal('INVALID', `preferences.${place}.channels: ${message}`, [
    'preferences',
    String(place),
    'channels',
  ]);
}
