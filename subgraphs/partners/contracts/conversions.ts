/** What a contract says of exchanges with other currencies: rates of the ledger. */
import { randomUUID } from 'node:crypto';
import { type Rate, addRate, currencies, endRate, otherProgram } from '../../../ledger/index.ts';
import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import type { Conversion } from './contract-inputs.ts';
import type { Contract } from './entities.ts';
import type { ConversionRow } from './rows.ts';

/**
 * Lets what a version says of conversions count from an instant on, and what the version before said no
 * more.
 *
 * @throws Refusal with the path into `conversions`: NOT_FOUND there is no such currency; NOT_ALLOWED points
 *   of one of them cannot be spent, or a cycle of currencies would make points, which `subject` names;
 *   CONFLICT another partner, whose id is in the details, converts the pair
 */
export async function replaceRates(
  tx: Database,
  { partnerId, conversions }: { partnerId: string; conversions: readonly Conversion[] },
  { latest, from }: { latest: Contract | null; from: Date },
): Promise<ConversionRow[]> {
  await endRates(tx, latest ? [latest] : [], from);
  if (conversions.length === 0) return [];
  const counted = new Set((await currencies(tx)).map(({ code }) => code));
  const added: ConversionRow[] = [];
  for (const [index, conversion] of conversions.entries()) {
    const path = ['conversions', String(index)];
    if (!counted.has(conversion.toCurrency)) throw noCurrency([...path, 'toCurrency']);
    const rate = rateOf(conversion, { partnerId, from });
    await addRate(tx, rate).catch((error: unknown) => {
      throw error instanceof Refusal ? inContract(error, path) : error;
    });
    const subject = await otherProgram(tx, rate);
    if (subject) {
      throw new Refusal('CONFLICT', 'Another partner converts these points.', path, { subject });
    }
    added.push(rowOf(rate.rateId, conversion));
  }
  return added;
}

/** Lets the conversions of versions count no more from an instant on. */
async function endRates(tx: Database, contracts: readonly Contract[], from: Date): Promise<void> {
  for (const { rateId } of contracts.flatMap(({ conversions }) => conversions)) {
    await endRate(tx, rateId, from);
  }
}

function noCurrency(path: string[]): Refusal {
  return new Refusal('NOT_FOUND', 'There is no such currency.', path);
}

/** What the ledger refuses of a rate, with the path into the contract. */
function inContract(error: Refusal, path: string[]): Refusal {
  if (error.code === 'NOT_FOUND') return noCurrency([...path, 'fromCurrency']);
  return new Refusal(error.code, error.message, path, error.details);
}

function rateOf(
  conversion: Conversion,
  { partnerId, from }: { partnerId: string; from: Date },
): Rate {
  const { fromCurrency, toCurrency, fromPoints, toUnits, minimumPoints } = conversion;
  const { bonusEvery, bonusUnits, dailyLimit, yearlyLimit, confirmHours } = conversion;
  return {
    rateId: randomUUID(),
    from: fromCurrency,
    to: toCurrency,
    programId: partnerId,
    fromBlock: fromPoints,
    toBlock: toUnits,
    ...(bonusEvery && bonusUnits && { bonus: { every: bonusEvery, points: bonusUnits } }),
    minimum: minimumPoints,
    ...(dailyLimit && { dailyLimit }),
    ...(yearlyLimit && { yearlyLimit }),
    ...(confirmHours && { confirmHours }),
    validFrom: from,
    validUntil: null,
  };
}

function rowOf(rateId: string, conversion: Conversion): ConversionRow {
  const figure = (given: bigint | null | undefined) => (given == null ? null : Number(given));
  return {
    rateId,
    fromCurrency: conversion.fromCurrency,
    toCurrency: conversion.toCurrency,
    fromPoints: Number(conversion.fromPoints),
    toUnits: Number(conversion.toUnits),
    minimumPoints: Number(conversion.minimumPoints),
    bonusEvery: figure(conversion.bonusEvery),
    bonusUnits: figure(conversion.bonusUnits),
    dailyLimit: figure(conversion.dailyLimit),
    yearlyLimit: figure(conversion.yearlyLimit),
    confirmHours: conversion.confirmHours ?? null,
  };
}

/** The conversions of a version, for its days. */
export function conversionsOf({ conversions, validFrom, validTo }: Contract) {
  const figure = (kept: number | null) => (kept === null ? null : BigInt(kept));
  return conversions.map((row) => ({
    ...row,
    fromPoints: BigInt(row.fromPoints),
    toUnits: BigInt(row.toUnits),
    minimumPoints: BigInt(row.minimumPoints),
    bonusEvery: figure(row.bonusEvery),
    bonusUnits: figure(row.bonusUnits),
    dailyLimit: figure(row.dailyLimit),
    yearlyLimit: figure(row.yearlyLimit),
    validFrom,
    validTo,
  }));
}
