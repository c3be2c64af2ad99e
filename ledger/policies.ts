import { z } from 'zod';
import { isTimeZone } from '../platform/calendar.ts';
import { type Database, rows } from '../platform/database.ts';
import { Refusal } from '../platform/errors.ts';
import { code, eachOnce, id, parseInput, title } from '../platform/input.ts';
import type { LedgerCurrency } from './balances.ts';

const days = z.int().min(0).max(3_660);

/** 29 February is one: in other years the 28th takes its place. */
const dayOfYear = z
  .string()
  .refine((day) => z.iso.date().safeParse(`2000-${day}`).success, 'must be a day such as 12-31');

const policyFields = z.strictObject({
  /** Days, months and years are those of this zone. */
  timeZone: z.string().refine(isTimeZone, 'is no time zone'),
  /**
   * When points end: some months after they could first be spent, after months without activity of
   * the member, on days of the year, or never.
   */
  expiry: z.enum(['LOT_AGE', 'INACTIVITY', 'FIXED_DATES', 'NEVER']),
  expiryMonths: z.int().min(0).max(1_200),
  /** Month and day: "12-31". */
  expiryDates: z
    .array(dayOfYear)
    .max(20)
    .superRefine(eachOnce((day) => day)),
  /** With fewer days left, the date after counts. */
  expiryMinimumDays: days,
  /** How far an end after months goes on: to the end of the day, of the month, ... */
  expiryRounding: z.enum(['DAY', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR']),
  /** The movements that are activity. */
  activityKinds: z.array(
    z.enum(['ACCRUAL', 'REDEMPTION', 'TRANSFER_IN', 'TRANSFER_OUT', 'CONVERSION', 'DONATION']),
  ),
  /** How long points that expired while they were held can be spent once the hold has ended. */
  holdGraceDays: days,
  /** What becomes of the points of a cancelled redemption that have expired meanwhile. */
  restore: z.enum(['WITH_GRACE', 'EXPIRED', 'NEW_LOT']),
  restoreGraceDays: days,
});

/** When a currency's points end, and by which calendar. */
export type LedgerPolicy = z.infer<typeof policyFields>;

/** @returns null where the ledger has no such currency */
export async function policyOf(db: Database, currency: string): Promise<LedgerPolicy | null> {
  const [policy] = await rows<LedgerPolicy>(
    db,
    `SELECT time_zone AS "timeZone", expiry, expiry_months AS "expiryMonths",
            expiry_dates AS "expiryDates", expiry_minimum_days AS "expiryMinimumDays",
            expiry_rounding AS "expiryRounding", activity_kinds AS "activityKinds",
            hold_grace_days AS "holdGraceDays", restore, restore_grace_days AS "restoreGraceDays"
     FROM ledger.currency WHERE code = $1`,
    [currency],
  );
  return policy ?? null;
}

/**
 * Changes a currency's policy: what is left out stays. It holds for what is earned from then on.
 *
 * @throws Refusal INVALID with the field at fault; NOT_FOUND the ledger has no such currency; CONFLICT
 *   another time zone, where its movements were added up by day already
 */
export async function setPolicy(
  tx: Database,
  currency: string,
  policy: Partial<LedgerPolicy>,
): Promise<void> {
  const given = parseInput(policyFields.partial(), policy);
  const [answer] = await rows<{ outcome: string }>(
    tx,
    'SELECT ledger.set_policy($1, $2) AS outcome',
    [currency, JSON.stringify(byColumn(given))],
  );
  switch (answer!.outcome) {
    case 'UNKNOWN_CURRENCY':
      throw new Refusal('NOT_FOUND', 'The ledger has no such currency.', ['currency']);
    case 'UNKNOWN_TIME_ZONE':
      throw new Refusal('INVALID', 'timeZone: is no time zone.', ['timeZone']);
    case 'TIME_ZONE_USED':
      throw new Refusal(
        'CONFLICT',
        'Points of this currency have been booked by the days of its time zone.',
        ['timeZone'],
      );
    case 'MONTHS_NEEDED':
      throw new Refusal('INVALID', 'expiryMonths: is needed.', ['expiryMonths']);
    case 'DATES_NEEDED':
      throw new Refusal('INVALID', 'expiryDates: is needed.', ['expiryDates']);
  }
}

function byColumn(fields: object): object {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]: [string, unknown]) => [
      name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
      value,
    ]),
  );
}

const currencyFields = z.strictObject({
  code,
  name: title,
  kind: z.enum(['SPENDABLE', 'QUALIFYING']),
  issuer: id.nullable(),
});

/**
 * Makes a currency, with the shared currency's time zone, or gives it another name.
 *
 * @throws Refusal INVALID with the field at fault; NOT_FOUND the ledger does not know the issuer;
 *   CONFLICT kind or issuer would change of a currency that members have
 */
export async function saveLedgerCurrency(tx: Database, currency: LedgerCurrency): Promise<void> {
  const { code: unit, name, kind, issuer } = parseInput(currencyFields, currency);
  const [answer] = await rows<{ outcome: string }>(
    tx,
    'SELECT ledger.save_currency($1, $2, $3, $4) AS outcome',
    [unit, name, kind, issuer],
  );
  switch (answer!.outcome) {
    case 'UNKNOWN_ISSUER':
      throw new Refusal('NOT_FOUND', 'The ledger does not know this partner.', ['issuer']);
    case 'USED':
      throw new Refusal('CONFLICT', 'Kind and issuer of a currency in use stay.', ['code']);
  }
}
