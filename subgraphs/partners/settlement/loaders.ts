import { Big } from 'big.js';
import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { listLoader } from '../../../platform/loaders.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Moment } from '../moment.ts';
import type { SettlementStatement } from './entities.ts';
import { disputedOf, issuedSums } from './figures.ts';
import { type LinesAsked, issuedLines } from './lines.ts';
import { previewSums } from './previews.ts';
import type { SettlementSum } from './rows.ts';
import { statementsOf } from './statements.ts';

export function settlementLoaders({ db, config }: Context, now: () => Promise<Moment>) {
  /** Those of the same open month in one statement, however many partners. */
  async function openSums(open: readonly SettlementStatement[]): Promise<SettlementSum[]> {
    if (open.length === 0) return [];
    const [moment, { limits }] = [await now(), config];
    const found: SettlementSum[] = [];
    for (const month of new Set(open.map((each) => each.month))) {
      const ofMonth = open.filter((each) => each.month === month);
      const partnerIds = [...new Set(ofMonth.map(({ partnerId }) => partnerId))];
      const { sums } = await previewSums(db, month, { moment, limits, partnerIds });
      found.push(...sums);
    }
    return found;
  }

  return {
    /** Partners' statements, of each the last month first. */
    settlementStatementsOf: listLoader(
      async (partnerIds, { page }: { page: Page }) =>
        statementsOf(db, partnerIds, { page, moment: await now() }),
      ({ partnerId }) => partnerId,
    ),

    /** What a statement adds up; of an open month, by now. */
    settlementSums: new DataLoader<SettlementStatement, SettlementSum[], string>(
      async (statements) => {
        const open = statements.filter(({ status }) => status === 'OPEN');
        const issued = statements.filter(({ status }) => status !== 'OPEN');
        const sums = await issuedSums(
          db,
          issued.map(({ id }) => id),
        );
        sums.push(...(await openSums(open)));
        return statements.map(({ id }) => sums.filter(({ statementId }) => statementId === id));
      },
      { cacheKeyFn: ({ id }) => id },
    ),

    /** What is in dispute of a statement. */
    settlementDisputed: new DataLoader<string, Big>(async (ids) => {
      const found = await disputedOf(db, ids);
      return ids.map((id) => found.get(id) ?? new Big(0));
    }),

    /** The lines of statements that were issued. */
    settlementLines: listLoader(
      (statementIds, asked: LinesAsked) => issuedLines(db, statementIds, asked),
      ({ statementId }) => statementId,
    ),
  };
}
