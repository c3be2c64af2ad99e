import { randomUUID } from 'node:crypto';
import { type FindOptionsWhere, IsNull, LessThanOrEqual, MoreThan, Not, Or } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, columnsOf, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import type { Page } from '../../../platform/paging.ts';
import { type Viewer, requireNoSandbox, requireOwn } from '../../../platform/viewer.ts';
import { lockPartner } from '../brands/partners.ts';
import { RuleSet } from './entities.ts';
import { requireOwnCurrency } from './own-currencies.ts';
import { earnRules } from './rule-inputs.ts';

const ruleSetInput = z.object({ partnerId: id, rules: earnRules });

export type DraftRuleSet = z.input<typeof ruleSetInput>;

/**
 * Drafts a version of a partner's earn rules. Each condition is parsed and type-checked; the rules
 * never change afterwards. The same rules again make another draft: one that nobody publishes does
 * no harm.
 *
 * @throws Refusal INVALID with the path of the rule at fault; NOT_FOUND; NOT_ALLOWED to a test client; either of
 *   them with the path of a currency that the partner cannot give
 */
export async function draftRuleSet(
  db: Database,
  input: DraftRuleSet,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<RuleSet> {
  const { partnerId, rules: drafted } = parseInput(ruleSetInput, input);
  requireOwn(viewer, partnerId);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['partnerId']);
    await requireOwnCurrency(tx, { partnerId, rules: drafted }, ['rules']);
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
    await recordAct(tx, viewer, {
      action: 'draftRuleSet',
      subject: { type: 'RuleSet', id: ruleSet.id },
      after: { partnerId, version: ruleSet.version, rules: drafted },
      at: await clock.now(tx),
    });
    return ruleSet;
  });
}

const publication = z.object({
  id,
  /** Now where left out. */
  validFrom: z.date().nullish(),
});

export type PublishRuleSet = z.input<typeof publication>;

/**
 * Publishes a draft from an instant on; the set before it ends there. Again: the same answer.
 *
 * The instant may be past: activities of since then that are recorded later earn by this set, while
 * those that were posted keep what they earned.
 *
 * @throws Refusal INVALID; NOT_FOUND; CONFLICT it does not start after the latest published set,
 *   whose id is in the details; NOT_ALLOWED a currency that it names is the partner's own no more
 */
export async function publishRuleSet(
  db: Database,
  input: PublishRuleSet,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<RuleSet> {
  const { id: ruleSetId, validFrom } = parseInput(publication, input);
  return transaction(db, async (tx) => {
    const found = await tx.findOneBy(RuleSet, { id: ruleSetId });
    if (!found) throw new Refusal('NOT_FOUND', 'There is no such rule set.', ['id']);
    await lockPartner(tx, found.partnerId, ['id']);
    // Read again: another call may have published it before we got the lock.
    const ruleSet = await tx.findOneByOrFail(RuleSet, { id: ruleSetId });
    if (ruleSet.validFrom) return ruleSet;
    await requireOwnCurrency(tx, ruleSet, ['rules']);

    const at = await clock.now(tx);
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
    await recordAct(tx, viewer, {
      action: 'publishRuleSet',
      subject: { type: 'RuleSet', id: ruleSet.id },
      after: { validFrom: start },
      at,
    });
    return tx.save(ruleSet);
  });
}

/** What a set meets that is valid at an instant: of each partner one at most. */
export function validAt(at: Date) {
  return {
    validFrom: LessThanOrEqual(at),
    validTo: Or(IsNull(), MoreThan(at)),
  } satisfies FindOptionsWhere<RuleSet>;
}

export type RuleSetStatus = 'DRAFT' | 'PUBLISHED' | 'RETIRED';

/** Where a set stands at the instant $1: a published one is retired once the next one is valid. */
const status = `CASE
  WHEN r.valid_from IS NULL THEN 'DRAFT' WHEN r.valid_to <= $1 THEN 'RETIRED' ELSE 'PUBLISHED' END`;

/** Where these sets stand at an instant, in their order. */
export async function statusesOf(
  db: Database,
  ruleSetIds: readonly string[],
  at: Date,
): Promise<RuleSetStatus[]> {
  const found = await rows<{ id: string; status: RuleSetStatus }>(
    db,
    `SELECT r.id, ${status} AS status FROM partners.rule_set r WHERE r.id = ANY ($2::uuid[])`,
    [at, ruleSetIds],
  );
  const byId = new Map(found.map((row) => [row.id, row.status]));
  return ruleSetIds.map((ruleSetId) => byId.get(ruleSetId)!);
}

/**
 * The partners' rule sets, each partner's newest first. One statement, however many partners.
 *
 * @param page its key is the version
 * @returns at most one row for each partner more than the page has
 */
export function ruleSetsOf(
  db: Database,
  partnerIds: readonly string[],
  asked: { status: RuleSetStatus | null; page: Page; at: Date },
): Promise<RuleSet[]> {
  return rows(
    db,
    `SELECT ${columnsOf(db, RuleSet, 'listed')}
     FROM unnest($2::uuid[]) AS partner (id) CROSS JOIN LATERAL (
       SELECT r.* FROM partners.rule_set r
       WHERE r.partner_id = partner.id
         AND ($3::text IS NULL OR ${status} = $3) AND ($4::integer IS NULL OR r.version < $4)
       ORDER BY r.version DESC
       LIMIT $5) AS listed
     ORDER BY listed.version DESC`,
    [asked.at, partnerIds, asked.status, asked.page.after?.[0] ?? null, asked.page.first + 1],
  );
}
