import { Any, IsNull, LessThanOrEqual, MoreThan, MoreThanOrEqual, Or } from 'typeorm';
import { addDays, dayOf, daysBetween, startOfDay } from '../../../platform/calendar.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal, orRefusal } from '../../../platform/errors.ts';
import { Contract } from '../contracts/entities.ts';
import type { Earned } from '../earning/earning.ts';
import { RuleSet } from '../earning/entities.ts';
import type { ExchangeRate } from '../rates/entities.ts';
import { rateDays, ratesOn } from '../rates/rates.ts';
import type { Report } from './reports.ts';

const aheadMs = 5 * 60 * 1_000;

/** What an activity goes by: what was valid when it happened. */
export interface Terms {
  contract: Contract;
  /** Null for a GRANT, which goes by no rules. */
  ruleSet: RuleSet | null;
  /** What makes its amounts those of the contract's currency; null where they are. */
  rate: ExchangeRate | null;
}

/** When reports are judged. */
export interface Occasion {
  at: Date;
  timeZone: string;
}

/**
 * Reads the contracts and rule sets of those who report, of the time that the reports span: each once.
 *
 * @param given the rule set to go by, whenever it happened
 * @returns the terms of a report; throws Refusal INVALID where it is to come or too long ago, where no
 *   contract or no rule set was valid, or where its amount is in another currency than the contract's, and
 *   nobody has said what that was worth
 */
export async function readTerms(
  tx: Database,
  reports: Report[],
  { at, timeZone }: Occasion,
  given?: RuleSet,
): Promise<(report: Report) => Terms> {
  const last = new Date(at.getTime() + aheadMs);
  const earliestMs = Math.min(at.getTime(), ...reports.map((each) => each.occurredAt.getTime()));
  // No contract starts before 1970, and PostgreSQL does not know every day that a Date can be.
  const first = new Date(Math.max(0, earliestMs));
  const partnerId = Any([...new Set(reports.map(({ reporter }) => reporter.partnerId))]);
  const contracts = await tx.findBy(Contract, {
    partnerId,
    validFrom: LessThanOrEqual(dayOf(last, timeZone)),
    validTo: Or(IsNull(), MoreThanOrEqual(dayOf(first, timeZone))),
  });
  const ruleSets = await tx.findBy(RuleSet, {
    partnerId,
    validFrom: LessThanOrEqual(last),
    validTo: Or(IsNull(), MoreThan(first)),
  });
  const today = dayOf(at, timeZone);

  function contractOf({ occurredAt, reporter }: Report): Contract {
    if (occurredAt > last) throw invalid('This has not happened yet.', ['occurredAt']);
    const day = dayOf(occurredAt, timeZone);
    const contract = contracts.find(
      (each) =>
        each.partnerId === reporter.partnerId &&
        each.validFrom <= day &&
        (each.validTo === null || day <= each.validTo),
    );
    if (!contract) throw invalid('No contract was valid that day.', ['occurredAt']);
    if (!reporter.backdates && daysBetween(day, today) > contract.backdateDays) {
      throw invalid(`This is more than ${contract.backdateDays} days ago.`, ['occurredAt']);
    }
    return contract;
  }

  const found = new Map(reports.map((each) => [each, orRefusal(() => contractOf(each))]));
  const rates = await readRates(tx, found, timeZone);

  return (report) => {
    const { kind, occurredAt, amount, reporter } = report;
    const contract = found.get(report)!;
    if (contract instanceof Refusal) throw contract;
    if (kind === 'GRANT') return { contract, ruleSet: null, rate: null };
    const valid = ruleSets.find(
      (each) =>
        each.partnerId === reporter.partnerId &&
        each.validFrom! <= occurredAt &&
        (each.validTo === null || occurredAt < each.validTo),
    );
    const ruleSet = given ?? valid;
    if (!ruleSet) throw invalid('No earn rules were valid then.', ['occurredAt']);
    const rate = rates.get(report) ?? null;
    if (amount && amount.currency !== contract.currency && !rate) {
      const day = dayOf(occurredAt, timeZone);
      throw invalid(
        `amount.currency: no rate of ${amount.currency} in ${contract.currency} is known for ${day} ` +
          `or the ${rateDays} days before.`,
        ['amount', 'currency'],
      );
    }
    return { contract, ruleSet, rate };
  };
}

/** The rates of the day for what was paid in other money than the contract's. */
async function readRates(
  tx: Database,
  contracts: ReadonlyMap<Report, Contract | Refusal>,
  timeZone: string,
): Promise<Map<Report, ExchangeRate | null>> {
  const foreign = [...contracts].flatMap(([report, contract]) => {
    const { amount, occurredAt } = report;
    if (contract instanceof Refusal || !amount || amount.currency === contract.currency) return [];
    const day = dayOf(occurredAt, timeZone);
    return [{ report, asked: { from: amount.currency, to: contract.currency, day } }];
  });
  const rates = await ratesOn(
    tx,
    foreign.map(({ asked }) => asked),
  );
  return new Map(foreign.map(({ report }, place) => [report, rates[place]!]));
}

/**
 * From when on points can be spent that are earned at an instant: from the day after the last of the
 * contract's days. Null where they need not wait, or have waited already when they are posted.
 */
export function expectedOf(
  occurredAt: Date,
  { pendingDays }: Contract,
  { at, timeZone }: Occasion,
): Date | null {
  if (pendingDays === null) return null;
  const expectedBy = startOfDay(addDays(dayOf(occurredAt, timeZone), pendingDays + 1), timeZone);
  return expectedBy > at ? expectedBy : null;
}

/** How long what a partner has not confirmed may be confirmed still. */
const confirmDays = 365;

/**
 * Until when an activity may be confirmed: as long after it is posted. Null where its contract waits for no
 * confirmation, or it earned nothing that could wait.
 */
export function confirmByOf(
  { points, qualifying, own }: Earned,
  { pending }: Contract,
  { at, timeZone }: Occasion,
): Date | null {
  const isNothing = points === 0n && qualifying === 0n && !own;
  if (pending !== 'ON_CONFIRMATION' || isNothing) return null;
  return startOfDay(addDays(dayOf(at, timeZone), confirmDays + 1), timeZone);
}

export function invalid(message: string, path: string[]): Refusal {
  return new Refusal('INVALID', message, path);
}
