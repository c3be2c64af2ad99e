import { z } from 'zod';
import {
  type LedgerPolicy,
  currencies,
  setPolicy,
  sharedCurrency,
  testCurrency,
} from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import { isTimeZone } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { eachOnce, parseInput, title } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { replaceTiers, tiersInput } from '../tiers/ladder.ts';
import { Program } from './entities.ts';

const money = new Set(Intl.supportedValuesOf('currency'));
const pointsMax = 10n ** 12n;

const tierPolicy = z.object({
  period: z.enum(['CALENDAR_YEAR', 'MEMBERSHIP_YEAR', 'ROLLING_12_MONTHS']),
  downgrade: z.enum(['ONE_STEP', 'TO_QUALIFIED', 'TO_BASE']),
  graceDays: z.int().min(0).max(366).nullish(),
  demoteOnReversal: z.boolean().nullish(),
});

const months = z.int().min(0).max(1_200).nullish();
const needsMonths = new Set(['LOT_AGE', 'INACTIVITY']);

/** The ledger checks the days themselves. */
const expiry = z
  .object({
    kind: z.enum(['LOT_AGE', 'INACTIVITY', 'FIXED_DATES', 'NEVER']),
    months,
    dates: z.array(z.string()).max(20).nullish(),
    minimumDays: z.int().min(0).max(3_660).nullish(),
    rounding: z.enum(['DAY', 'MONTH', 'QUARTER', 'HALF_YEAR', 'YEAR']).nullish(),
    noticeDays: z
      .array(z.int().min(1).max(366))
      .max(10)
      .superRefine(eachOnce((days) => String(days)))
      .nullish(),
  })
  .superRefine((given, context) => {
    const missing = (path: string) =>
      context.addIssue({ code: 'custom', message: 'is needed', path: [path] });
    if (needsMonths.has(given.kind) && given.months == null) missing('months');
    if (given.kind === 'FIXED_DATES' && !given.dates?.length) missing('dates');
  });

const pointsLimit = z
  .bigint()
  .min(0n, 'must be 0 or more')
  .max(pointsMax, 'must be 10^12 or less')
  .nullish();

const configuration = z.object({
  expectedVersion: z.int().nullish(),
  name: title.nullish(),
  timeZone: z.string().refine(isTimeZone, 'is no IANA time zone').nullish(),
  moneyCurrency: z
    .string()
    .refine((code) => money.has(code), 'is no ISO 4217 code')
    .nullish(),
  tiers: tiersInput.nullish(),
  tierPolicy: tierPolicy.nullish(),
  expiry: expiry.nullish(),
  adjustmentApprovalLimit: pointsLimit,
  adjustmentDailyLimit: pointsLimit,
  negativeLimit: pointsLimit,
});

type Configuration = z.output<typeof configuration>;

/**
 * Changes the program's rules: all that are given, or none. What is left out stays. Of calls that go by
 * the same version, one is first, and the others are refused.
 *
 * @throws Refusal INVALID with the path of the field at fault; CONFLICT the program has another version
 *   than expected, or another time zone where points have been booked by its days
 */
export async function configureProgram(
  db: Database,
  input: z.input<typeof configuration>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Program> {
  const given = parseInput(configuration, input);
  return transaction(db, async (tx) => {
    const [program] = await tx.find(Program, { lock: { mode: 'pessimistic_write' } });
    if (!program) throw new Error('The database has no program.');
    if (given.expectedVersion != null && given.expectedVersion !== program.version) {
      const message = `The program is at version ${program.version} by now.`;
      throw new Refusal('CONFLICT', message, ['expectedVersion']);
    }
    const before = fieldsOf(program);
    const tiers = given.tiers ? await replaceTiers(tx, given.tiers) : null;
    await setLedger(tx, given);
    Object.assign(program, changedFields(program, given), { version: program.version + 1 });
    if (movesMembers(given)) program.tiersVersion++;
    await tx.update(Program, { id: program.id }, program);
    await recordAct(tx, viewer, {
      action: 'configureProgram',
      subject: { type: 'Program', id: program.id },
      before: { ...before, ...(tiers && { tiers: tiers.before }) },
      after: {
        ...fieldsOf(program),
        ...(tiers && { tiers: tiers.after }),
        ...(given.expiry && { expiry: given.expiry }),
      },
      at: await clock.now(tx),
    });
    return program;
  });
}

/** As they are now. */
function fieldsOf(program: Program): Record<string, unknown> {
  return Object.fromEntries(Object.entries(program));
}

function changedFields(program: Program, given: Configuration): Partial<Program> {
  const { tierPolicy: policy } = given;
  return {
    name: given.name ?? program.name,
    timeZone: given.timeZone ?? program.timeZone,
    moneyCurrency: given.moneyCurrency ?? program.moneyCurrency,
    adjustmentApprovalLimit: given.adjustmentApprovalLimit ?? program.adjustmentApprovalLimit,
    adjustmentDailyLimit: given.adjustmentDailyLimit ?? program.adjustmentDailyLimit,
    negativeLimit: given.negativeLimit ?? program.negativeLimit,
    expiryNoticeDays:
      given.expiry?.noticeDays?.toSorted((a, b) => b - a) ?? program.expiryNoticeDays,
    ...(policy && {
      qualificationPeriod: policy.period,
      downgrade: policy.downgrade,
      graceDays: policy.graceDays ?? 0,
      demoteOnReversal: policy.demoteOnReversal ?? false,
    }),
  };
}

/** Whether members may stand at another tier afterwards. */
function movesMembers(given: Configuration): boolean {
  return Boolean(given.tiers ?? given.tierPolicy ?? given.timeZone);
}

/** The ledger goes by the days of the program, and lets points end by its rules. */
async function setLedger(tx: Database, { timeZone, expiry: given }: Configuration): Promise<void> {
  if (timeZone) {
    const codes = (await currencies(tx)).map(({ code }) => code);
    for (const code of [...codes, testCurrency]) await setPolicy(tx, code, { timeZone });
  }
  if (!given) return;
  await setPolicy(tx, sharedCurrency, ledgerPolicyOf(given)).catch((error: unknown) => {
    if (!(error instanceof Refusal)) throw error;
    const [field, ...rest] = error.inputPath;
    const path = ['expiry', ...(field ? [fieldOfLedger[field] ?? field] : []), ...rest];
    throw new Refusal(error.code, error.message, path, error.details);
  });
}

/** What the ledger calls otherwise. */
const fieldOfLedger: Record<string, string> = {
  expiry: 'kind',
  expiryMonths: 'months',
  expiryDates: 'dates',
  expiryMinimumDays: 'minimumDays',
  expiryRounding: 'rounding',
};

function ledgerPolicyOf(given: NonNullable<Configuration['expiry']>): Partial<LedgerPolicy> {
  return {
    expiry: given.kind,
    ...(given.months != null && { expiryMonths: given.months }),
    expiryDates: given.dates ?? [],
    expiryMinimumDays: given.minimumDays ?? 0,
    expiryRounding: given.rounding ?? 'MONTH',
  };
}
