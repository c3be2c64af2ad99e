import { weekTimeOf } from '../../platform/calendar.ts';
import type { Database } from '../../platform/database.ts';
import { Refusal, orRefusal } from '../../platform/errors.ts';
import { findEarners } from './activity-earners.ts';
import type { Report, Reporter } from './activity-reports.ts';
import { type Occasion, type Terms, invalid, readTerms } from './activity-terms.ts';
import { type Earned, earn } from './earning.ts';
import { Partner } from './entities.ts';
import { type MemberSnapshot, readProgram } from './members.ts';

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

/** Whether reports may be posted, and what they earn: each question once for all of them. */
export async function judge(
  tx: Database,
  reports: Report[],
  { reporter, at }: { reporter: Reporter; at: Date },
): Promise<Judgement> {
  const partner = await tx.findOneBy(Partner, { id: reporter.partnerId });
  if (partner?.status !== 'LIVE') {
    const refusal = new Refusal('PARTNER_INACTIVE', 'This partner is not live.');
    return { judged: new Map(reports.map((report) => [report, refusal])), enrolled: 0 };
  }
  const occasion: Occasion = { reporter, at, ...(await readProgram(tx)) };
  const termsOf = await readTerms(tx, reports, occasion);
  const terms = new Map(reports.map((each) => [each, orRefusal(() => termsOf(each))]));
  // The member comes last: nobody is made a member by what is refused anyway.
  const open = reports.filter((report) => !(terms.get(report) instanceof Refusal));
  const { members, enrolled } = await findEarners(tx, open, occasion);
  const earners = new Map(open.map((report, index) => [report, members[index]!]));

  function judgeOne(report: Report): Judged | Refusal {
    const valid = terms.get(report)!;
    if (valid instanceof Refusal) return valid;
    const member = earners.get(report)!;
    if (member instanceof Refusal) return member;
    const earned = earnedBy(report, { ...valid, member, partner: partner!, occasion });
    if (earned.points > pointsMax) return invalid('This earns more than 10^12 points.', ['amount']);
    return { ...valid, partner: partner!, memberId: member.id, earned };
  }

  return { judged: new Map(reports.map((report) => [report, judgeOne(report)])), enrolled };
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
  return earn({ activity, member, partner }, ruleSet);
}
