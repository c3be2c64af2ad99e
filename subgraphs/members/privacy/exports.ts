import { randomUUID } from 'node:crypto';
import { IsNull, MoreThan } from 'typeorm';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { lockMember } from '../membership/members.ts';
import { DataExport } from './entities.ts';

const dayMs = 24 * 60 * 60_000;
/** How long one is kept that could not be made; one that was made, as long from then on. */
const keptMs = 7 * dayMs;

/**
 * Asks for a document of all that is known of a member, which the worker makes. Who has stolen a token reads
 * as much by the graph, page by page, so that no fresh proof is asked for; the member is told when it is
 * ready, by e-mail too. While one is being made, and for a day after it was asked for: the same one. A
 * suspended member may, too.
 *
 * @throws Refusal MEMBER_INACTIVE the membership is closed
 */
export function exportMyData(
  db: Database,
  { memberId, clock }: { memberId: string; clock: Clock },
): Promise<DataExport> {
  return transaction(db, async (tx) => {
    const requestedAt = await clock.now(tx);
    const member = await lockMember(tx, memberId);
    if (!member || member.status === 'CLOSED') {
      throw new Refusal('MEMBER_INACTIVE', 'This account is closed.');
    }
    const aDayAgo = new Date(requestedAt.getTime() - dayMs);
    const [latest] = await tx.find(DataExport, {
      where: [
        { memberId, doneAt: IsNull() },
        { memberId, requestedAt: MoreThan(aDayAgo) },
      ],
      order: { requestedAt: 'DESC' },
      take: 1,
    });
    if (latest) return latest;
    const asked = {
      id: randomUUID(),
      memberId,
      requestedAt,
      expiresAt: new Date(requestedAt.getTime() + keptMs),
    };
    await tx.insert(DataExport, asked);
    return tx.findOneByOrFail(DataExport, { id: asked.id });
  });
}

/** The export with this id, or null, also when its time is over. */
export async function findExport(
  db: Database,
  exportId: string,
  clock: Clock,
): Promise<DataExport | null> {
  const at = await clock.now(db);
  return db.findOneBy(DataExport, {
    id: parseInput(id, exportId, ['id']),
    expiresAt: MoreThan(at),
  });
}

/**
 * A piece of an export's document; null beyond the last, before it is whole, and for a membership that is
 * closed: a token may be good for some minutes longer.
 */
export async function pieceOf(
  db: Database,
  { id: exportId, doneAt }: DataExport,
  place: number,
): Promise<string | null> {
  if (!doneAt) return null;
  const [piece] = await rows<{ content: string }>(
    db,
    `SELECT p.content FROM members.data_export_piece p
     JOIN members.data_export e ON e.id = p.export_id
     JOIN members.member m ON m.id = e.member_id AND m.status <> 'CLOSED'
     WHERE p.export_id = $1 AND p.place = $2`,
    [exportId, place],
  );
  return piece?.content ?? null;
}
