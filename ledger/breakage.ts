import { Big } from 'big.js';

/** The points issued in one month. */
export interface Cohort {
  /** Net of what was taken back. */
  issued: bigint;
  /** How many had been redeemed at the end of the month of issue, and of each month since. */
  redeemed: readonly bigint[];
}

/**
 * How many points of each cohort will have been redeemed in the end, by the chain ladder: from each
 * age to the next, what is redeemed grows as it grew in all the older cohorts together.
 *
 * A cohort of which nothing is redeemed yet tells nothing by itself, nor does one that no older cohort
 * shows the way: it is expected to be redeemed as the others are.
 *
 * @param cohorts in any order
 * @param maturity the age in months after which no more is redeemed, since the points have expired
 * @returns in their order, at most what was issued; null while no cohort has reached that age: a
 *   young program has no expectation, and had better count each of its points
 */
export function ultimateRedemption(cohorts: readonly Cohort[], maturity: number): bigint[] | null {
  if (!cohorts.some(({ redeemed }) => redeemed.length > maturity)) return null;
  const steps = developments(cohorts, maturity);
  const own = cohorts.map((cohort) => developed(cohort, steps));
  const known = cohorts.filter((_, index) => own[index] !== null);
  const issued = sumOf(known.map((cohort) => cohort.issued));
  const redeemed = sumOf(own.map((points) => points ?? 0n));
  return cohorts.map((cohort, index) => {
    const expected = own[index] ?? nearest(cohort.issued * redeemed, issued);
    return expected < cohort.issued ? expected : cohort.issued;
  });
}

/** What all cohorts that are old enough had redeemed at an age, and a month later. */
interface Step {
  from: bigint;
  to: bigint;
}

function developments(cohorts: readonly Cohort[], maturity: number): Step[] {
  return Array.from({ length: maturity }, (_, age) => {
    const older = cohorts.filter(({ redeemed }) => redeemed.length > age + 1);
    return {
      from: sumOf(older.map(({ redeemed }) => redeemed[age]!)),
      to: sumOf(older.map(({ redeemed }) => redeemed[age + 1]!)),
    };
  });
}

/** The cohort's points at the end of the steps, rounded once; null where they do not lead there. */
function developed({ issued, redeemed }: Cohort, steps: readonly Step[]): bigint | null {
  const latest = redeemed.at(-1) ?? 0n;
  const ahead = steps.slice(Math.max(redeemed.length - 1, 0));
  if (issued <= 0n || ahead.length === 0) return latest;
  const from = ahead.reduce((product, step) => product * step.from, 1n);
  const to = ahead.reduce((product, step) => product * step.to, latest);
  return latest <= 0n || from <= 0n ? null : nearest(to, from);
}

/** A cohort of which points are left. */
export interface OpenCohort extends Cohort {
  outstanding: bigint;
}

/**
 * The part of the outstanding points that will never be redeemed, by the chain ladder. It is 0 for a
 * young program: see `ultimateRedemption`.
 */
export function breakageOf(cohorts: readonly OpenCohort[], maturity: number): Big {
  const outstanding = sumOf(cohorts.map((cohort) => cohort.outstanding));
  const ultimate = ultimateRedemption(cohorts, maturity);
  if (ultimate === null || outstanding <= 0n) return new Big(0);
  const toCome = cohorts.map(({ redeemed }, index) => ultimate[index]! - (redeemed.at(-1) ?? 0n));
  return new Big(1).minus(rateOf(sumOf(toCome.filter((points) => points > 0n)), outstanding));
}

/** A part of a whole, between 0 and 1, to 20 decimals; of nothing, it is 0. */
export function rateOf(part: bigint, whole: bigint): Big {
  if (whole <= 0n || part <= 0n) return new Big(0);
  return part >= whole ? new Big(1) : new Big(part.toString()).div(whole.toString());
}

/**
 * What the points that are outstanding will cost, exactly.
 *
 * @param redemptionRate how many of the outstanding points will be redeemed: not of those issued
 * @param costPerPoint an exact decimal
 */
export function costLiability(outstanding: bigint, redemptionRate: Big, costPerPoint: string): Big {
  return redemptionRate.times(outstanding.toString()).times(costPerPoint);
}

function sumOf(all: readonly bigint[]): bigint {
  return all.reduce((added, each) => added + each, 0n);
}

/** Half is rounded up; neither is negative. */
function nearest(numerator: bigint, denominator: bigint): bigint {
  return denominator === 0n ? 0n : (2n * numerator + denominator) / (2n * denominator);
}
