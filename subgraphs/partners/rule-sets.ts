import { randomUUID } from 'node:crypto';
import { IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { type Database, rows, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { code, decimal, id, note, parseInput, points, title } from '../../platform/input.ts';
import type { Page } from '../../platform/paging.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { ConditionError, compileCondition } from './conditions.ts';
import { RuleSet } from './entities.ts';
import { lockPartner, requireOwn } from './partners.ts';
import type { EarnRule, Earning } from './rows.ts';

const earning = z
  .object({
    spend: decimal.nullish(),
    fixed: points.nullish(),
    multiplier: decimal.refine((value) => Number(value) >= 1, 'must be 1 or more').nullish(),
  })
  .transform(({ spend, fixed, multiplier }): Earning => ({
    ...(spend != null && { spend }),
    ...(fixed != null && { fixed: Number(fixed) }),
    ...(multiplier != null && { multiplier }),
  }))
  .refine((earns) => Object.keys(earns).length === 1, 'needs exactly one field');

const condition = note.superRefine((expression, context) => {
  try {
    compileCondition(expression);
  } catch (error) {
    if (!(error instanceof ConditionError)) throw error;
    context.addIssue({ code: 'custom', message: error.message });
  }
});

const earnRule = z
  .object({
    code,
    name: title,
    priority: z.int().nullish(),
    when: condition.nullish(),
    earn: earning,
    combine: z.enum(['ADDITIVE', 'MULTIPLICATIVE']).nullish(),
  })
  .transform(({ priority, when, combine, ...rule }): EarnRule => ({
    ...rule,
    priority: priority ?? 0,
    when: when ?? null,
    combine: combine ?? 'ADDITIVE',
  }));

const rules = z
  .array(earnRule)
  .min(1, 'needs a rule')
  .max(100, 'holds 100 rules at most')
  .superRefine((list, context) => {
    const seen = new Set<string>();
    list.forEach((rule, index) => {
      if (seen.has(rule.code)) {
        context.addIssue({ code: 'custom', message: 'is used twice', path: [index, 'code'] });
      }
      seen.add(rule.code);
    });
  });

/**
 * Drafts a version of a partner's earn rules. Each condition is parsed and type-checked; the rules
 * never change afterwards.
 *
 * @throws Refusal NOT_FOUND; INVALID with the path of the rule at fault
 */
export function draftRuleSet(
  db: Database,
  viewer: Viewer,
  { partnerId, rules: input }: { partnerId: string; rules: unknown },
): Promise<RuleSet> {
  requireOwn(viewer, partnerId);
  const drafted = parseInput(rules, input, ['rules']);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    const versions = await tx.countBy(RuleSet, { partnerId: partner.id });
    const ruleSet = tx.create(RuleSet, {
      id: randomUUID(),
      partnerId: partner.id,
      version: versions + 1,
      validFrom: null,
      validTo: null,
      createdBy: viewer.subject ?? viewer.audience,
      rules: drafted,
    });
    await tx.insert(RuleSet, ruleSet);
    return ruleSet;
  });
}

/**
 * Publishes a draft from an instant on; the set before it ends there. Again: the same answer.
 *
 * @param validFrom now where left out
 * @throws Refusal NOT_FOUND; CONFLICT it does not start after the latest published set, whose id is
 *   in the details
 */
export function publishRuleSet(
  db: Database,
  { id: ruleSetId, validFrom }: { id: string; validFrom?: Date | null | undefined },
  at: Date,
): Promise<RuleSet> {
  const wanted = parseInput(id, ruleSetId, ['id']);
  return transaction(db, async (tx) => {
    const found = await tx.findOneBy(RuleSet, { id: wanted });
    if (!found) throw new Refusal('NOT_FOUND', 'There is no such rule set.', ['id']);
    await lockPartner(tx, found.partnerId, ['id']);
    // Read again: another call may have published it before we got the lock.
    const ruleSet = await tx.findOneByOrFail(RuleSet, { id: wanted });
    if (ruleSet.validFrom) return ruleSet;

    const start = validFrom ?? at;
    const latest = await tx.findOneBy(RuleSet, {
      partnerId: ruleSet.partnerId,
      validFrom: Not(IsNull()),
      validTo: IsNull(),
    });
    if (latest && start <= latest.validFrom!) {
      const since = latest.validFrom!.toISOString();
      const message = `Version ${latest.version} is valid from ${since}: the next one starts later.`;
      throw new Refusal('CONFLICT', message, ['validFrom'], { subject: latest.id });
    }
    if (latest) await tx.update(RuleSet, { id: latest.id }, { validTo: start });
    ruleSet.validFrom = start;
    return tx.save(ruleSet);
  });
}

/** The published set that is valid at an instant; null for none. */
export async function ruleSetAt(
  db: Database,
  partnerId: string,
  at: Date,
): Promise<RuleSet | null> {
  return db
    .createQueryBuilder(RuleSet, 'r')
    .where('r.partner_id = :partnerId AND r.valid_from <= :at', { partnerId, at })
    .andWhere('(r.valid_to IS NULL OR r.valid_to > :at)')
    .getOne();
}

export type RuleSetStatus = 'DRAFT' | 'PUBLISHED' | 'RETIRED';

/** Where a set stands: a published one is retired once the set that follows is valid. */
export function statusOf({ validFrom, validTo }: RuleSet, at: Date): RuleSetStatus {
  if (!validFrom) return 'DRAFT';
  return validTo && validTo <= at ? 'RETIRED' : 'PUBLISHED';
}

/**
 * The partners' rule sets, each partner's newest first.
 *
 * @param page its key is the version
 * @returns at most one row for each partner more than the page has
 */
export async function ruleSetsOf(
  db: Database,
  partnerIds: readonly string[],
  { status, page, at }: { status: RuleSetStatus | null; page: Page; at: Date },
): Promise<RuleSet[]> {
  const found = await rows<{ id: string }>(
    db,
    `SELECT r.id
     FROM unnest($1::uuid[]) AS p (id) CROSS JOIN LATERAL (
       SELECT r.id FROM partners.rule_set r
       WHERE r.partner_id = p.id AND ($2::integer IS NULL OR r.version < $2)
         AND ($3::text IS NULL OR $3 = CASE
           WHEN r.valid_from IS NULL THEN 'DRAFT'
           WHEN r.valid_to <= $4 THEN 'RETIRED'
           ELSE 'PUBLISHED' END)
       ORDER BY r.version DESC LIMIT $5
     ) r`,
    [partnerIds, page.after?.[0] ?? null, status, at, page.first + 1],
  );
  return db
    .createQueryBuilder(RuleSet, 'r')
    .whereInIds(found.map((row) => row.id))
    .orderBy('r.version', 'DESC')
    .getMany();
}
