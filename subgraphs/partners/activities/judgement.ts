import { Any } from 'typeorm';
import { weekTimeOf } from '../../../platform/calendar.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal, orRefusal } from '../../../platform/errors.ts';
import { Partner } from '../brands/entities.ts';
import { type Earned, earn } from '../earning/earning.ts';
import { findEarners } from './earners.ts';
import { type MemberSnapshot, readProgram } from './members.ts';
import type { Report } from './reports.ts';
import { type Occasion, type Terms, invalid, readTerms } from './terms.ts';

const pointsMax = 10n ** 12n;

/** An activity that may be posted: what it goes by, and what it earns. */
export interface Judged extends Terms {
  partner: Partner;
  memberId: string;
  earned: Earned;
}

interface Judgement {
  /** Of each report, or why it is refused. */
  judged: Map<Report, Judged | Refusal>;
  /** How many members were made for it. */
  enrolled: number;
}

/**
 * Whether reports may be posted, and what they earn: each question once for all of them, whoever
 * reports.
 */
export async function judge(tx: Database, reports: Report[], at: Date): Promise<Judgement> {
  const partners = await findLive(tx, reports);
  const live = reports.filter(({ reporter }) => partners.has(reporter.partnerId));
  if (live.length === 0) {
    return { judged: new Map(reports.map((report) => [report, inactive()])), enrolled: 0 };
  }
  const occasion: Occasion = { at, ...(await readProgram(tx)) };
  const termsOf = await readTerms(tx, live, occasion);
  const terms = new Map(live.map((each) => [each, orRefusal(() => termsOf(each))]));
  // The member comes last: nobody is made a member by what is refused anyway.
  const open = live.filter((report) => !(terms.get(report) instanceof Refusal));
  const { members, enrolled } = await findEarners(tx, open, occasion);
  const earners = new Map(open.map((report, index) => [report, members[index]!]));

  function judgeOne(report: Report): Judged | Refusal {
    const partner = partners.get(report.reporter.partnerId);
    if (!partner) return inactive();
    const valid = terms.get(report)!;
    if (valid instanceof Refusal) return valid;
    const member = earners.get(report)!;
    if (member instanceof Refusal) return member;
    const earned = earnedBy(report, { ...valid, member, partner, occasion });
    if (earned.points > pointsMax) return invalid('This earns more than 10^12 points.', ['amount']);
    return { ...valid, partner, memberId: member.id, earned };
  }

  return { judged: new Map(reports.map((report) => [report, judgeOne(report)])), enrolled };
}

/** Of those who report, the partners that are LIVE. */
async function findLive(tx: Database, reports: Report[]): Promise<Map<string, Partner>> {
  const ids = new Set(reports.map(({ reporter }) => reporter.partnerId));
  const found = await tx.findBy(Partner, { id: Any([...ids]), status: 'LIVE' });
  return new Map(found.map((partner) => [partner.id, partner]));
}

function inactive(): Refusal {
  return new Refusal('PARTNER_INACTIVE', 'This partner is not live.');
}

interface Facts extends Terms {
  member: MemberSnapshot;
  partner: Partner;
  occasion: Occasion;
}

function earnedBy(report: Report, { member, partner, ruleSet, occasion }: Facts): Earned {
  const { kind, reference, occurredAt, amount } = report;
  const week = weekTimeOf(occurredAt, occasion.timeZone);
  const activity = { kind, reference, occurredAt, ...week, ...amount };
  return earn({ activity, member, partner }, ruleSet, member.earnMultiplier);
}
