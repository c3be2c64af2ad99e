import { dayOf } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal, orRefusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Partner } from '../brands/entities.ts';
import type { Earned } from '../earning/earning.ts';
import { UsageBook } from '../earning/usage.ts';
import { OfferBook } from '../offers/running.ts';
import { readProgram } from '../program.ts';
import { earnedBy } from './judgement.ts';
import { type MemberSnapshot, mayEarn, memberSnapshots } from './members.ts';
import { type RecordActivity, readReport } from './reports.ts';
import { readTerms } from './terms.ts';
import { requireTrade } from './trades.ts';

/** Somebody of whom nothing is known. */
const anybody: MemberSnapshot = {
  id: '00000000-0000-0000-0000-000000000000',
  status: 'ACTIVE',
  tier: null,
  earnMultiplier: '1',
  segments: [],
};

type PreviewPoints = Omit<RecordActivity, 'member' | 'reference' | 'occurredAt'> & {
  partnerId: string;
};

/**
 * Works out what an activity would earn now, and posts nothing: for the calling member by tier, segments,
 * offers and what rules with caps have given already; for everybody else by the rules alone. It locks
 * nobody, so that another activity may come before.
 *
 * @returns null where the partner is not LIVE, or has no contract or rules that are valid, and for a member
 *   who cannot earn now
 * @throws Refusal INVALID
 */
export async function previewPoints(
  db: Database,
  { partnerId, ...what }: PreviewPoints,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Earned | null> {
  const asked = parseInput(id, partnerId, ['partnerId']);
  const occasion = { at: await clock.now(db), ...(await readProgram(db)) };
  const { at, timeZone } = occasion;
  const member = await findCaller(db, viewer, at);
  const report = readReport(
    { ...what, member: { id: member.id }, reference: 'preview', occurredAt: at },
    { partnerId: asked, sandbox: false },
  );
  const today = dayOf(at, timeZone);
  const partner = await db.findOneBy(Partner, { id: asked, status: 'LIVE' });
  if (!partner || (partner.terminatesOn && today >= partner.terminatesOn)) return null;
  if (!mayEarn(member)) return null;
  requireTrade(report, partner);
  const termsOf = await readTerms(db, [report], occasion);
  const terms = orRefusal(() => termsOf(report));
  if (terms instanceof Refusal) {
    // The caller has not said when: it is no mistake of theirs.
    if (terms.inputPath[0] === 'occurredAt') return null;
    throw terms;
  }
  const earning = {
    member,
    memberId: member.id,
    partnerId: asked,
    sandbox: false,
    occurredAt: at,
    day: today,
  };
  const known = member === anybody ? [] : [earning];
  const offers = (await OfferBook.open(db, known)).of(earning);
  const usage = (await UsageBook.read(db, known)).of(earning);
  return earnedBy(report, terms, { member, partner, usage, offers, timeZone });
}

async function findCaller(db: Database, { memberId }: Viewer, at: Date): Promise<MemberSnapshot> {
  if (!memberId) return anybody;
  return (await memberSnapshots(db, [memberId], at)).get(memberId) ?? anybody;
}
