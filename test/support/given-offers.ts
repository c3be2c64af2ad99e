import { SetClock, databaseClock } from '../../platform/clock.ts';
import { Segment, SegmentMember } from '../../subgraphs/members/entities.ts';
import type { Offer } from '../../subgraphs/partners/entities.ts';
import {
  type CreateOffer,
  createOffer,
  publishOffer,
} from '../../subgraphs/partners/offers/offers.ts';
import { saveSegment } from '../../subgraphs/members/segments/segments.ts';
import type { TestDatabase } from './database.ts';
import { adminViewer } from './subgraph.ts';

/** Of June 2026: 50 points for each activity. */
export function anOffer(partnerId: string, more: Partial<CreateOffer> = {}): CreateOffer {
  return {
    partnerId,
    title: 'Summer',
    startsAt: new Date('2026-06-01T00:00:00Z'),
    endsAt: new Date('2026-07-01T00:00:00Z'),
    rules: [{ code: 'BONUS', name: 'Fifty more', earn: { fixed: 50n }, awards: 'SPENDABLE' }],
    ...more,
  };
}

/** An offer that is published before it starts. */
export async function givenOffer(
  test: TestDatabase,
  partnerId: string,
  more: Partial<CreateOffer> = {},
): Promise<Offer> {
  const db = test.db('partners');
  const clock = new SetClock(new Date('2026-05-01T00:00:00Z'));
  const by = { viewer: adminViewer(), clock };
  const { id } = await createOffer(db, anOffer(partnerId, more), by);
  return publishOffer(db, { id }, by);
}

/** A segment, with those whom the worker has found in it. */
export async function givenSegment(
  test: TestDatabase,
  code: string,
  memberIds: string[],
): Promise<void> {
  const db = test.db('members');
  if (!(await db.existsBy(Segment, { code }))) {
    const by = { viewer: adminViewer(), clock: databaseClock };
    await saveSegment(db, { code, name: code, when: 'member.points > 1000000' }, by);
  }
  await db.insert(
    SegmentMember,
    memberIds.map((memberId) => ({ memberId, segment: code })),
  );
}
