import { Big } from 'big.js';
import { Any } from 'typeorm';
import { z } from 'zod';
import { type Database, rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { code, decimal, eachOnce, id, note, points, title } from '../../../platform/input.ts';
import { type Viewer, isOwn } from '../../../platform/viewer.ts';
import { Partner } from '../brands/entities.ts';
import { earnRules } from '../earning/rule-inputs.ts';
import type { EarnRule } from '../earning/rows.ts';
import type { FundingShare } from './rows.ts';

const yearsMax = 5;

const share = z.object({
  partnerId: id.nullish().transform((partnerId) => partnerId ?? null),
  share: decimal.refine((value) => Number(value) > 0, 'must be more than 0'),
});

const funding = z
  .array(share)
  .max(20, 'holds 20 shares at most')
  .superRefine(eachOnce(({ partnerId }) => partnerId ?? '', ['partnerId']))
  .refine(
    (shares) => shares.length === 0 || sumOf(shares).eq(1),
    'the shares do not sum to exactly 1',
  )
  .nullish();

function sumOf(shares: readonly FundingShare[]): Big {
  return shares.reduce((sum, each) => sum.plus(each.share), new Big(0));
}

const instant = z
  .date()
  .refine((at) => at.getTime() >= 0 && at.getUTCFullYear() < 9_000, 'is no time that offers have');

/** What an offer gives is counted, budgeted and divided in one currency. */
function inSharedPoints(rules: readonly EarnRule[], context: z.RefinementCtx): void {
  const index = rules.findIndex(({ currency }) => currency !== undefined);
  if (index < 0) return;
  const message = 'is not for offers, which give points of the shared currency';
  context.addIssue({ code: 'custom', message, path: [index, 'currency'] });
}

const codes = z.array(code).max(100).superRefine(eachOnce(String)).nullish();

export const offerInput = z
  .object({
    partnerId: id,
    title,
    description: note.nullish(),
    startsAt: instant,
    endsAt: instant,
    optIn: z.boolean().nullish(),
    segments: codes,
    tiers: codes,
    budget: points.nullish(),
    funding,
    rules: earnRules
      .refine(({ length }) => length <= 20, 'holds 20 rules at most')
      .superRefine(inSharedPoints),
  })
  .superRefine(({ startsAt, endsAt }, context) => {
    const last = new Date(startsAt);
    last.setUTCFullYear(last.getUTCFullYear() + yearsMax);
    const fault =
      endsAt <= startsAt ? 'must be later than the start' : 'is too long after the start';
    if (endsAt <= startsAt || endsAt > last) {
      context.addIssue({ code: 'custom', message: fault, path: ['endsAt'] });
    }
  })
  .transform(({ partnerId, ...given }) => ({
    partnerId,
    terms: {
      ...given,
      description: given.description ?? null,
      optIn: given.optIn ?? false,
      segments: given.segments ?? [],
      tiers: given.tiers ?? [],
      budget: given.budget ?? null,
      funding: given.funding ?? [],
    },
  }));

type OfferTerms = z.output<typeof offerInput>['terms'];

/**
 * Checks what an offer names: tiers and segments of the program, and brands that could pay for it.
 *
 * @throws Refusal INVALID
 */
export async function requireKnown(
  db: Database,
  { tiers, segments, funding: shares }: OfferTerms,
  viewer: Viewer,
): Promise<void> {
  if (tiers.length + segments.length > 0) {
    const [unknown] = await rows<{ field: 'tiers' | 'segments'; code: string }>(
      db,
      'SELECT field, code FROM members.unknown_codes($1, $2)',
      [tiers, segments],
    );
    if (unknown) {
      const place = { tiers, segments }[unknown.field].indexOf(unknown.code);
      throw invalid(`The program has no ${unknown.code}.`, [unknown.field, String(place)]);
    }
  }
  const named = shares.flatMap(({ partnerId }) => partnerId ?? []);
  if (named.length === 0) return;
  const found = await db.findBy(Partner, { id: Any(named) });
  shares.forEach(({ partnerId }, place) => {
    const partner = found.find((each) => each.id === partnerId);
    const isKnown = partner?.status === 'LIVE' || (partner && isOwn(viewer, partner.id));
    if (partnerId !== null && !isKnown) {
      throw invalid('There is no such partner.', ['funding', String(place), 'partnerId']);
    }
  });
}

function invalid(message: string, path: string[]): Refusal {
  return new Refusal('INVALID', message, path);
}
