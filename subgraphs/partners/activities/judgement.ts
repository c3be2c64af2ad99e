import { Any, In } from 'typeorm';
import { dayOf, weekTimeOf } from '../../../platform/calendar.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal, orRefusal } from '../../../platform/errors.ts';
import { Partner } from '../brands/entities.ts';
import {
  type GrantedPurchase,
  GrantedPurchases,
  findClaimants,
  lineOf,
} from '../claims/replacements.ts';
import type { Usage } from '../earning/caps.ts';
import { type Earned, type RunningOffer, earn } from '../earning/earning.ts';
import type { RuleSet } from '../earning/entities.ts';
import type { Counted } from '../earning/rows.ts';
import { tradeRatesOf } from '../earning/trade-rates.ts';
import { UsageBook, remembers } from '../earning/usage.ts';
import { type Earning, OfferBook } from '../offers/running.ts';
import { readProgram } from '../program.ts';
import { findEarners } from './earners.ts';
import { factsOf, toldBy } from './facts.ts';
import { granted } from './grants.ts';
import type { MemberSnapshot } from './members.ts';
import type { Report } from './reports.ts';
import { type Occasion, type Terms, confirmByOf, expectedOf, invalid, readTerms } from './terms.ts';
import { requireTrade } from './trades.ts';

const pointsMax = 10n ** 12n;

/** An activity that may be posted: what it goes by, and what it earns. */
export interface Judged extends Terms {
  partner: Partner;
  memberId: string;
  earned: Earned;
  /** What of it counts against caps, and the stamps that it gave; null for nothing. */
  counted: Counted | null;
  /** From when on its points can be spent; null for at once. */
  expectedBy: Date | null;
  /** Until when it may be confirmed; null where that is not waited for. */
  confirmBy: Date | null;
  /** What a claim of it was granted with, before it was reported; null where there is none. */
  replaces: GrantedPurchase | null;
}

/** How a batch of reports is judged. */
interface Judging {
  /**
   * Whether a report may be posted, and what it earns, with what those asked before it have earned.
   * Once for each report that is to be posted.
   */
  judgeOne: (report: Report) => Judged | Refusal;
  /** What rules remember of the members. */
  usage: UsageBook;
  /** What offers have left to give. */
  offers: OfferBook;
  /** How many members were made for it. */
  enrolled: number;
}

/**
 * Reads what reports are judged by: each question once for all of them, whoever reports.
 *
 * @param ruleSet to go by, in place of the one that was valid when it happened
 */
export async function judge(
  tx: Database,
  reports: Report[],
  at: Date,
  ruleSet?: RuleSet,
): Promise<Judging> {
  const partnerOf = await findTakingPart(tx, reports);
  const live = reports.filter((report) => partnerOf(report));
  if (live.length === 0) {
    return { judgeOne: inactive, usage: new UsageBook(), offers: new OfferBook(), enrolled: 0 };
  }
  const occasion: Occasion = { at, ...(await readProgram(tx)) };
  const termsOf = await readTerms(tx, live, occasion, ruleSet);
  const openTerms = (report: Report) => {
    requireTrade(report, partnerOf(report)!);
    return termsOf(report);
  };
  const terms = new Map(live.map((each) => [each, orRefusal(() => openTerms(each))]));
  // The member comes last: nobody is made a member by what is refused anyway.
  const open = live.filter((report) => !(terms.get(report) instanceof Refusal));
  const { members, enrolled } = await findEarners(tx, open, occasion);
  const earners = new Map(open.map((report, index) => [report, members[index]!]));

  const earning = new Map(
    open.flatMap((report): [Report, Earning][] => {
      const member = earners.get(report)!;
      return member instanceof Refusal ? [] : [[report, earningOf(report, member, occasion)]];
    }),
  );
  const offers = await OfferBook.open(tx, [...earning.values()]);
  const remembered = [...earning].flatMap(([report, each]) => {
    const { ruleSet } = terms.get(report) as Terms;
    return ruleSet && [ruleSet, ...offers.of(each)].some(remembers) ? [each] : [];
  });
  const claimants = await findClaimants(tx, [...earning].flatMap(reportedIn));
  const usage = await UsageBook.open(tx, remembered, claimants);
  const grantedBefore = await GrantedPurchases.read(tx, claimants, at);

  function judgeOne(report: Report): Judged | Refusal {
    const partner = partnerOf(report);
    if (!partner) return inactive();
    // By the day itself, and not by when the worker has come to it.
    const { terminatesOn } = partner;
    if (terminatesOn && dayOf(report.occurredAt, occasion.timeZone) >= terminatesOn) {
      return inactive();
    }
    const valid = terms.get(report)!;
    if (valid instanceof Refusal) return valid;
    const member = earners.get(report)!;
    if (member instanceof Refusal) return member;
    const earner = earning.get(report)!;
    const { timeZone } = occasion;
    const by = { member, partner, usage: usage.of(earner), offers: offers.of(earner), timeZone };
    const earned = orRefusal(() => earnedBy(report, valid, by));
    if (earned instanceof Refusal) return earned;
    const counted = usage.add(earner, earned);
    offers.take(earner, earned.byOffer);
    // Of a gift, nothing comes back for which it would wait.
    const isGift = report.kind === 'GRANT';
    const expectedBy = isGift ? null : expectedOf(report.occurredAt, valid.contract, occasion);
    const confirmBy = isGift ? null : confirmByOf(earned, valid.contract, occasion);
    const replaces = grantedBefore.take(earner, report);
    if (replaces) earned.lines.push(lineOf(replaces, earned));
    const outcome = { earned, counted, expectedBy, confirmBy, replaces };
    return { ...valid, partner, memberId: member.id, ...outcome };
  }

  return { judgeOne, usage, offers, enrolled };
}

function earningOf(
  { reporter: { partnerId, sandbox }, occurredAt }: Report,
  member: MemberSnapshot,
  { timeZone }: Occasion,
): Earning {
  const day = dayOf(occurredAt, timeZone);
  return { member, memberId: member.id, partnerId, sandbox, occurredAt, day };
}

/** What a live client reports by itself may have been claimed before. */
function reportedIn([{ reporter }, earning]: [Report, Earning]): Earning[] {
  return reporter.sandbox || reporter.grantsClaim ? [] : [earning];
}

interface Earner {
  member: MemberSnapshot;
  partner: Partner;
  /** What the member has by rules with caps and by stamps. */
  usage: Usage;
  offers: RunningOffer[];
  timeZone: string;
}

/**
 * What an activity earns a member, by the terms that are valid for it.
 *
 * @throws Refusal INVALID more than may be posted
 */
export function earnedBy(report: Report, { ruleSet, rate }: Terms, earner: Earner): Earned {
  const grant = report.particulars?.grant;
  if (grant) return granted(grant);
  const { member, partner, usage, offers, timeZone } = earner;
  const weekTime = weekTimeOf(report.occurredAt, timeZone);
  const facts = factsOf(toldBy(report), { member, partner, rate: rate?.rate ?? null, weekTime });
  const rates = tradeRatesOf(partner.details, facts.activity);
  const earnCase = { facts, tierMultiplier: member.earnMultiplier, rates, usage, offers };
  const earned = earn(earnCase, ruleSet!);
  if (earned.most > pointsMax) throw invalid('This earns more than 10^12 points.', ['amount']);
  return earned;
}

/** @returns the partner that reports, where it takes part: LIVE, for its test clients at least in the SANDBOX */
async function findTakingPart(
  tx: Database,
  reports: Report[],
): Promise<(report: Report) => Partner | undefined> {
  const ids = new Set(reports.map(({ reporter }) => reporter.partnerId));
  const found = await tx.findBy(Partner, { id: Any([...ids]), status: In(['LIVE', 'SANDBOX']) });
  const partners = new Map(found.map((partner) => [partner.id, partner]));
  return ({ reporter: { partnerId, sandbox } }) => {
    const partner = partners.get(partnerId);
    return sandbox || partner?.status === 'LIVE' ? partner : undefined;
  };
}

function inactive(): Refusal {
  return new Refusal('PARTNER_INACTIVE', 'This partner is not live.');
}
