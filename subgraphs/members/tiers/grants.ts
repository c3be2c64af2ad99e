import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import { dayOf } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { code, id, note, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { Member } from '../membership/entities.ts';
import { Program } from '../program/entities.ts';
import { Tier, TierStanding } from './entities.ts';

const grant = z
  .object({
    memberId: id,
    tier: code,
    source: z.enum(['MATCHED', 'MANUAL', 'LIFETIME']).nullish(),
    /** The last day. */
    until: z.iso.date('is no day').nullish(),
    reason: note,
  })
  .refine(({ source, until }) => source !== 'LIFETIME' || until == null, {
    message: 'of a lifetime tier is left out',
    path: ['until'],
  });

/** What `setTier` takes: the graph has a source more, which nobody can give. */
export type SetTier = Omit<z.input<typeof grant>, 'source'> & { source?: string | null };

/**
 * Gives a member a tier, in place of what was given before; the lowest takes that back. It is a floor:
 * a higher tier that the member has earned, or earns, stands. The same again changes nothing.
 *
 * @throws Refusal INVALID with the path of the field at fault; NOT_FOUND there is no such member, or the
 *   program has no such tier; MEMBER_INACTIVE the membership is closed
 */
export async function setTier(
  db: Database,
  input: SetTier,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Member> {
  const { memberId, reason, ...given } = parseInput(grant, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const [program] = await tx.find(Program);
    const today = dayOf(at, program!.timeZone);
    if (given.until && given.until < today) {
      throw new Refusal('INVALID', 'until: has passed.', ['until']);
    }
    const member = await tx.findOneBy(Member, { id: memberId });
    if (!member) throw new Refusal('NOT_FOUND', 'There is no such member.', ['memberId']);
    if (member.status === 'CLOSED') {
      throw new Refusal('MEMBER_INACTIVE', 'This membership is closed.', ['memberId']);
    }
    const tier = await tx.findOneBy(Tier, { code: given.tier });
    if (tier?.rank == null) {
      throw new Refusal('NOT_FOUND', 'The program has no such tier.', ['tier']);
    }
    await rows(tx, 'SELECT members.lock_standings($1)', [[memberId]]);
    // What is due has happened before: a tier that ended yesterday is not what was given before.
    await rows(tx, 'SELECT members.settle_tiers($1, $2)', [[memberId], at]);
    const before = await tx.findOneByOrFail(TierStanding, { memberId });
    const granted = grantOf(tier, given, before, today);
    // What was earned was hidden by what is taken back: the member has it from today.
    const shows = granted.grantedTier === null && before.tier !== before.earnedTier;
    const earnedSince = shows && before.grantedTier !== null ? today : before.earnedSince;
    await tx.update(TierStanding, { memberId }, { ...granted, earnedSince });
    await rows(tx, 'SELECT members.settle_tiers($1, $2)', [[memberId], at]);
    await recordAct(tx, viewer, {
      action: 'setTier',
      subject: { type: 'Member', id: memberId },
      reason,
      before: grantIn(before),
      after: granted,
      at,
    });
    return member;
  });
}

type Grant = Pick<TierStanding, 'grantedTier' | 'grantedSource' | 'grantedSince' | 'grantedUntil'>;

function grantIn({ grantedTier, grantedSource, grantedSince, grantedUntil }: TierStanding): Grant {
  return { grantedTier, grantedSource, grantedSince, grantedUntil };
}

function grantOf(
  tier: Tier,
  { source, until }: Pick<z.output<typeof grant>, 'source' | 'until'>,
  before: TierStanding,
  today: string,
): Grant {
  if (tier.rank === 0) {
    return { grantedTier: null, grantedSource: null, grantedSince: null, grantedUntil: null };
  }
  return {
    grantedTier: tier.code,
    grantedSource: source ?? 'MANUAL',
    // Prolonged, it is the same one.
    grantedSince: (before.grantedTier === tier.code && before.grantedSince) || today,
    grantedUntil: until ?? null,
  };
}
