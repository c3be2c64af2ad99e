import { type CompiledRule, type OfferRules, compiled, compiledOffer } from './compiled.ts';
import type { RuleSet } from './entities.ts';
import type { CapPeriod, EarnLine, EarnRule } from './rows.ts';

/**
 * How a member earns by these rules, in words: a line for each that is not for the tier alone, in the
 * order in which they build on one another.
 *
 * @param currency of the partner's contract
 */
export function summaryOf(ruleSet: Pick<RuleSet, 'id' | 'rules'>, currency: string): string[] {
  return inWords(compiled(ruleSet), currency);
}

/** What an offer adds to that. */
export function offerSummaryOf(offer: OfferRules, currency: string): string[] {
  return inWords(compiledOffer(offer), currency);
}

function inWords(rules: readonly CompiledRule[], currency: string): string[] {
  return rules
    .filter(({ rule }) => rule.awards !== 'QUALIFYING')
    .map(({ rule, step }) => {
      const more = step === 'EXTRA' ? ' on top' : '';
      return [`${rule.name}: ${given(rule, currency)}${more}`, ...atMost(rule)].join(', ');
    });
}

/** Why an activity earns what it does, in words: what each rule gives, or why none gives anything. */
export function summaryOfLines(lines: readonly EarnLine[]): string[] {
  const giving = lines.filter((line) => line.points !== 0 || line.cappedBy !== null);
  if (giving.length === 0) return lines.map(({ name, reason }) => `${name}: ${reason}`);
  return giving.map(({ name, points: count, cappedBy, currency }) => {
    const sum = `${name}: ${points(count, currency)}`;
    return cappedBy === null ? sum : `${sum}, the most there is ${periods[cappedBy]}`;
  });
}

/** @param money of the partner's contract */
function given({ earn, currency }: EarnRule, money: string): string {
  const of = (count: string | number) => points(count, currency);
  const unit = currency ?? 'points';
  if (earn.spend !== undefined) {
    return Number(earn.spend) === 0 ? `no ${unit}` : `${of(earn.spend)} for each ${money}`;
  }
  if (earn.distance !== undefined) return `${of(earn.distance)} for each mile`;
  if (earn.night !== undefined) return `${of(earn.night)} for each night`;
  if (earn.multiplier !== undefined) return `${plain(earn.multiplier)} times the ${unit}`;
  if (earn.fixed !== undefined) return of(earn.fixed);
  if (earn.stamp) return `${of(earn.stamp.points)} for ${earn.stamp.stamps} stamps`;
  return `${unit} by what was bought`;
}

const periods: Record<CapPeriod, string> = {
  ACTIVITY: 'each time',
  DAY: 'a day',
  WEEK: 'a week',
  MONTH: 'a month',
  QUARTER: 'a quarter',
  YEAR: 'a year',
  EVER: 'ever',
};

function atMost({ caps, currency }: EarnRule): string[] {
  return caps.map((cap) => `${points(cap.points, currency)} ${periods[cap.per]} at most`);
}

/** So many of the partner's own currency, or of the shared one. */
function points(count: string | number, currency?: string): string {
  return `${plain(count)} ${currency ?? (Number(count) === 1 ? 'point' : 'points')}`;
}

/** Without zeros that say nothing, and with commas between thousands. */
function plain(count: string | number): string {
  const [whole, decimals = ''] = String(count).split('.');
  const grouped = whole!.replace(/^0+(?=\d)/, '').replace(/\B(?=(\d{3})+$)/g, ',');
  const rest = decimals.replace(/0+$/, '');
  return rest ? `${grouped}.${rest}` : grouped;
}
