import { randomUUID } from 'node:crypto';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, columnsOf, insertAll, rows } from '../../../platform/database.ts';
import { Refusal, orRefusal } from '../../../platform/errors.ts';
import { repeated } from '../../../platform/idempotency.ts';
import { type Asking, askerKey } from '../../../platform/members.ts';
import { grantMatching } from '../claims/matching.ts';
import { type Replacement, replaceGranted } from '../claims/replacements.ts';
import type { Earned } from '../earning/earning.ts';
import { UsageBook } from '../earning/usage.ts';
import { type Given, OfferBook } from '../offers/running.ts';
import { Overtaken } from '../overtaken.ts';
import { Activity } from './entities.ts';
import { type Judged, judge } from './judgement.ts';
import { type Claim, post } from './posting.ts';
import type { Report } from './reports.ts';
import type { BoughtItem } from './rows.ts';

/** What became of a report: its activity, new or repeated, or why it was refused. */
export type Recorded = { activity: Activity; isNew: boolean } | Refusal;

interface Batch {
  answers: Map<Report, Recorded>;
  /** How many members were made for it. */
  enrolled: number;
}

/** The reference is the key of repetition. */
const keyPath = ['reference'];
const keyColumns: (keyof Activity)[] = ['partnerId', 'sandbox', 'reference'];

/** The reference, which is unique in each half of a partner's world. */
export function referenceOf({ reporter, reference }: Report): string {
  return keyOf(reporter, reference);
}

function keyOf(by: Asking, reference: string): string {
  return `${askerKey(by)} ${reference}`;
}

/**
 * Records reports in the caller's transaction, in a fixed number of statements, whoever reports.
 *
 * @throws RefusedByLedger
 * @throws Overtaken
 */
export async function recordAll(tx: Database, reports: Report[], clock: Clock): Promise<Batch> {
  const activities = await findRecorded(tx, reports);
  const fresh = reports.filter((report) => !activities.has(referenceOf(report)));
  const { claims, answers, usage, offers, enrolled } = await judgeFresh(tx, fresh, clock);

  const posted = await claimReferences(tx, [...claims.values()]);
  const lost = [...claims].flatMap(([key, { report }]) => (posted.has(key) ? [] : [report]));
  // A wallet token is good once: the call that spent it may have recorded this very reference since.
  const spent = fresh.filter((report) => report.member.walletToken != null && answers.has(report));
  const others = await findRecorded(tx, [...lost, ...spent]);
  for (const report of spent) if (others.has(referenceOf(report))) answers.delete(report);
  if (lost.length > 0 && (usage.isChanged || offers.isChanged)) throw new Overtaken();
  await post(tx, [...posted.values()]);
  await replaceGranted(tx, [...posted.values()].flatMap(replacementIn));
  await usage.save(tx);
  if (!(await offers.save(tx, [...posted.values()].map(givenFor)))) throw new Overtaken();
  const reported = [...posted.values()].filter(
    ({ report, judged }) => !report.reporter.grantsClaim && !judged.replaces,
  );
  await grantMatching(
    tx,
    reported.map(({ activity }) => activity),
  );

  for (const report of reports) {
    if (answers.has(report)) continue;
    const key = referenceOf(report);
    const own = posted.get(key);
    const first = own?.activity ?? activities.get(key) ?? others.get(key)!;
    const isNew = own?.report === report;
    answers.set(
      report,
      orRefusal(() => ({ activity: repeated(first, report.inputHash, keyPath), isNew })),
    );
  }
  return { answers, enrolled };
}

/**
 * Judges reports whose references are new. Of those with one reference, the first that may be posted
 * claims it; one that is refused before it leaves no trace.
 *
 * @returns the claims by reference, and the answers to what is refused
 */
async function judgeFresh(tx: Database, fresh: Report[], clock: Clock) {
  const claims = new Map<string, Claim>();
  const answers: Batch['answers'] = new Map();
  if (fresh.length === 0) {
    return { claims, answers, usage: new UsageBook(), offers: new OfferBook(), enrolled: 0 };
  }
  const at = await clock.now(tx);
  const { judgeOne, usage, offers, enrolled } = await judge(tx, fresh, at);
  for (const report of fresh) {
    const key = referenceOf(report);
    if (claims.has(key)) continue;
    const judgement = judgeOne(report);
    if (judgement instanceof Refusal) answers.set(report, judgement);
    else {
      claims.set(key, { report, judged: judgement, activity: activityOf(report, judgement, at) });
    }
  }
  return { claims, answers, usage, offers, enrolled };
}

/** The activities that have the references of these reports already, by reference. */
async function findRecorded(tx: Database, reports: Report[]): Promise<Map<string, Activity>> {
  if (reports.length === 0) return new Map();
  // One by one, by the key: a plan that took all of a partner's would read more with each batch.
  const found = await rows<Activity>(
    tx,
    `SELECT ${columnsOf(tx, Activity, 'a')}
     FROM unnest($1::uuid[], $2::boolean[], $3::text[]) AS asked (partner_id, sandbox, reference)
     CROSS JOIN LATERAL (
       SELECT * FROM partners.activity each
       WHERE each.partner_id = asked.partner_id AND each.sandbox = asked.sandbox
         AND each.reference = asked.reference LIMIT 1) AS a`,
    [
      reports.map(({ reporter }) => reporter.partnerId),
      reports.map(({ reporter }) => reporter.sandbox),
      reports.map(({ reference }) => reference),
    ],
  );
  return new Map(found.map((activity) => [keyOf(activity, activity.reference), activity]));
}

function activityOf(
  report: Report,
  { memberId, contract, ruleSet, rate, earned, counted, expectedBy, confirmBy }: Judged,
  at: Date,
): Activity {
  const { reporter, kind, reference, inputHash, amount, items, particulars, occurredAt } = report;
  const { tax, shipping, discount, pointsPaid } = report;
  const { partnerId, sandbox } = reporter;
  return Object.assign(new Activity(), {
    id: randomUUID(),
    partnerId,
    sandbox,
    reference,
    memberId,
    postedTo: null,
    inputHash,
    kind,
    status: 'POSTED' as const,
    amount: amount?.amount ?? null,
    currency: amount?.currency ?? null,
    exchangeRateId: rate?.id ?? null,
    tax: tax?.amount ?? '0',
    shipping: shipping?.amount ?? '0',
    discount: discount?.amount ?? '0',
    pointsPaid: pointsPaid?.amount ?? '0',
    items: items?.map(boughtItem(earned)) ?? null,
    particulars,
    points: earned.points,
    qualifyingPoints: earned.qualifying,
    ownCurrency: earned.own?.currency ?? null,
    ownPoints: earned.own?.points ?? 0n,
    ownReversed: 0n,
    issuePrice: contract.issuePrice,
    contractVersion: contract.version,
    ruleSetVersion: ruleSet?.version ?? null,
    explanation: earned.lines,
    occurredAt,
    postedAt: at,
    refundedAmount: '0',
    reversedPoints: 0n,
    reversedQualifying: 0n,
    counted,
    expectedBy: earned.points > 0n || earned.own ? expectedBy : null,
    confirmBy,
    confirmedAt: null,
    lapsedAt: null,
    lapsedPoints: 0n,
  });
}

/** An item with its share of what was earned. */
function boughtItem({ items: shares, own }: Earned) {
  return (item: NonNullable<Report['items']>[number], place: number): BoughtItem => ({
    line: item.line ?? String(place + 1),
    sku: item.sku,
    productType: item.productType ?? null,
    category: item.category ?? null,
    brand: item.brand ?? null,
    quantity: item.quantity,
    amount: item.amount.amount,
    points: Number(shares[place]),
    ...(own && { ownPoints: Number(own.items[place]) }),
  });
}

/** @returns the claims that were first, by reference: the insert decides */
async function claimReferences(tx: Database, claims: Claim[]): Promise<Map<string, Claim>> {
  if (claims.length === 0) return new Map();
  const inOrder = claims.map(({ activity }) => activity).sort(byReference);
  const inserted = new Set(await insertAll(tx, Activity, inOrder, keyColumns));
  const first = claims.filter(({ activity }) => inserted.has(activity));
  return new Map(first.map((claim) => [referenceOf(claim.report), claim]));
}

/** An order that all batches share. */
function byReference(a: Activity, b: Activity): number {
  return keyOf(a, a.reference) < keyOf(b, b.reference) ? -1 : 1;
}

function replacementIn({ activity, judged: { replaces } }: Claim): Replacement[] {
  return replaces ? [{ activity, purchase: replaces }] : [];
}

function givenFor({ activity: { id, sandbox }, judged: { earned } }: Claim): Given {
  return { activityId: id, sandbox, byOffer: earned.byOffer };
}
