import { Big } from 'big.js';
import DataLoader from 'dataloader';
import type { Context } from '../../../platform/context.ts';
import { byArguments, listLoader } from '../../../platform/loaders.ts';
import type { Limits } from '../../../platform/limits.ts';
import type { Page } from '../../../platform/paging.ts';
import type { Moment } from '../moment.ts';
import type { SettlementStatement } from './entities.ts';
import { disputedOf, issuedSums } from './figures.ts';
import { type LinesAsked, issuedLines, openLines } from './lines.ts';
import { previewSums } from './previews.ts';
import type { SettlementLine, SettlementSum } from './rows.ts';
import { statementsOf } from './statements.ts';

export function settlementLoaders({ db, config }: Context, now: () => Promise<Moment>) {
  /** Something of statements: of those that were issued together, and of those of each open month. */
  async function ofStatements<Row>(
    statements: readonly SettlementStatement[],
    readIssued: (ids: string[]) => Promise<Row[]>,
    readOpen: (
      open: SettlementStatement[],
      by: { moment: Moment; limits: Limits },
    ) => Promise<Row[]>,
  ): Promise<Row[]> {
    const open = statements.filter(({ status }) => status === 'OPEN');
    const issued = statements.filter(({ status }) => status !== 'OPEN');
    const found = issued.length > 0 ? await readIssued(issued.map(({ id }) => id)) : [];
    for (const month of new Set(open.map((each) => each.month))) {
      const ofMonth = open.filter((each) => each.month === month);
      found.push(...(await readOpen(ofMonth, { moment: await now(), limits: config.limits })));
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
        const sums = await ofStatements(
          statements,
          (ids) => issuedSums(db, ids),
          async (open, by) => {
            const partnerIds = [...new Set(open.map(({ partnerId }) => partnerId))];
            return (await previewSums(db, open[0]!.month, { ...by, partnerIds })).sums;
          },
        );
        return statements.map(({ id }) => sums.filter(({ statementId }) => statementId === id));
      },
      { cacheKeyFn: ({ id }) => id },
    ),

    /** What is in dispute of a statement. */
    settlementDisputed: new DataLoader<string, Big>(async (ids) => {
      const found = await disputedOf(db, ids);
      return ids.map((id) => found.get(id) ?? new Big(0));
    }),

    /** The lines of a statement; of an open month, by now. */
    settlementLines: byArguments(
      (asked: LinesAsked) =>
        new DataLoader<SettlementStatement, SettlementLine[], string>(
          async (statements) => {
            const lines = await ofStatements(
              statements,
              (ids) => issuedLines(db, ids, asked),
              (open, by) => openLines(db, open, { ...asked, ...by }),
            );
            return statements.map(({ id }) => lines.filter((line) => line.statementId === id));
          },
          { cacheKeyFn: ({ id }) => id },
        ),
    ),
  };
}
