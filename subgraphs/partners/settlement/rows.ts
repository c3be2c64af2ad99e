import type { SettlementLine as LineRow, SettlementStatement } from './entities.ts';

/** All partners' positions of a month, by name. */
export interface SettlementReport {
  closed: boolean;
  positions: Position[];
}

/** A partner's statement, with what it adds up. */
export interface Position {
  statement: SettlementStatement;
  /** The partner's. */
  name: string;
  sums: SettlementSum[];
}

/** A line as it is shown. */
export interface SettlementLine extends Omit<LineRow, 'movementId'> {
  currency: string;
  disputed: boolean;
}

/** Lines of one kind and rate together, rounded. */
export interface SettlementSum {
  statementId: string;
  kind: LineRow['kind'];
  rate: string;
  points: bigint;
  amount: string;
  currency: string;
}
