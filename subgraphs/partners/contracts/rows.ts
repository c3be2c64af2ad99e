/** What a contract says of one direction, as it is kept with the version. */
export interface ConversionRow {
  /** The ledger's rate. */
  rateId: string;
  fromCurrency: string;
  toCurrency: string;
  fromPoints: number;
  toUnits: number;
  minimumPoints: number;
  bonusEvery: number | null;
  bonusUnits: number | null;
  dailyLimit: number | null;
  yearlyLimit: number | null;
  confirmHours: number | null;
}
