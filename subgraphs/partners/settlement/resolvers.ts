import { Big } from 'big.js';
import { lastOfMonth } from '../../../platform/calendar.ts';
import { orUserErrors } from '../../../platform/errors.ts';
import { connection, readPage } from '../../../platform/paging.ts';
import type { SubgraphContext } from '../loaders.ts';
import type { Resolvers } from '../types.generated.ts';
import { closeSettlementMonth } from './closing.ts';
import { disputeStatement, resolveDispute } from './disputes.ts';
import { csvPiece, htmlOf } from './documents.ts';
import type { SettlementStatement } from './entities.ts';
import { figuresOf, moneyIn } from './figures.ts';
import { lineIdOf, lineKeys } from './lines.ts';
import { markStatementPaid } from './payments.ts';
import {
  findReport,
  findStatement,
  keysOf,
  netOf,
  positionKeys,
  positionKeysOf,
  positionsOn,
  statementKeys,
} from './statements.ts';

export const resolvers: Resolvers = {
  Query: {
    settlementStatement: (_, { id }, context) => find(id, context),
  },

  Mutation: {
    closeSettlementMonth: (_, input, { db, viewer, clock, config }) =>
      orUserErrors('statements', () => closeSettlementMonth(db, input, { viewer, clock, config })),
    disputeStatement: (_, input, { db, viewer, clock }) =>
      orUserErrors('statements', () => disputeStatement(db, input, { viewer, clock })),
    resolveDispute: (_, input, { db, viewer, clock }) =>
      orUserErrors('statements', () => resolveDispute(db, input, { viewer, clock })),
    markStatementPaid: (_, input, { db, viewer, clock }) =>
      orUserErrors('statements', () => markStatementPaid(db, input, { viewer, clock })),
  },

  Partner: {
    settlementStatements: async (partner, asked, { loaders, config }) => {
      const page = readPage(asked, statementKeys, config.limits);
      const read = await loaders.settlementStatementsOf(partner.id, { page });
      return connection(read, page, keysOf);
    },
  },

  Program: {
    settlement: async (_, { month }, { db, loaders, config: { limits } }) =>
      findReport(db, month, { moment: await loaders.now(), limits }),
  },

  SettlementReport: {
    statements: (report, asked, { loaders, config }) => {
      const page = readPage(asked, positionKeys, config.limits);
      const read = positionsOn(report, page);
      const { edges, pageInfo } = connection(read, page, positionKeysOf);
      for (const { statement, sums } of read) loaders.settlementSums.prime(statement, sums);
      const of = edges.map(({ cursor, node }) => ({ cursor, node: node.statement }));
      return { edges: of, nodes: of.map(({ node }) => node), pageInfo };
    },
    net: netOf,
  },

  SettlementStatement: {
    __resolveReference: ({ id }, context) => find(id, context),
    partner: async ({ partnerId }, _, { loaders }) => (await loaders.partner.load(partnerId))!,
    period: ({ month }) => ({ from: month, to: lastOfMonth(month) }),
    issuedPoints: async (row, _, context) => (await figures(row, context)).issuedPoints,
    reversedPoints: async (row, _, context) => (await figures(row, context)).reversedPoints,
    redeemedPoints: async (row, _, context) => (await figures(row, context)).redeemedPoints,
    issuance: async (row, _, context) => moneyIn((await figures(row, context)).issuance, row),
    reimbursement: async (row, _, context) =>
      moneyIn((await figures(row, context)).reimbursement, row),
    fees: async (row, _, context) => moneyIn((await figures(row, context)).fees, row),
    adjustments: async (row, _, context) => moneyIn((await figures(row, context)).adjustments, row),
    disputed: async (row, _, { loaders }) =>
      moneyIn(await loaders.settlementDisputed.load(row.id), row),
    net: async (row, _, context) => moneyIn((await figures(row, context)).net, row),
    due: async (row, _, context) => moneyIn(await dueOf(row, context), row),
    sums: (row, _, { loaders }) => loaders.settlementSums.load(row),
    lines: async (row, { kind, ...asked }, { loaders, config }) => {
      const page = readPage(asked, lineKeys, config.limits);
      const read = await loaders.settlementLines({ kind: kind ?? null, page }).load(row);
      return connection(read, page, ({ number }) => [String(number)]);
    },
    csvUrl: ({ id, status }, _, { config }) =>
      status === 'OPEN' ? null : `${config.publicUrl}/statements/${id}.csv`,
    htmlUrl: ({ id, status }, _, { config }) =>
      status === 'OPEN' ? null : `${config.publicUrl}/statements/${id}.html`,
    csvPiece: (row, { place }, { db }) => csvPiece(db, row, place),
    html: async (row, _, context) => {
      if (row.status === 'OPEN') return null;
      const { loaders } = context;
      return htmlOf({
        statement: row,
        partner: (await loaders.partner.load(row.partnerId))!,
        sums: await loaders.settlementSums.load(row),
        figures: await figures(row, context),
        disputed: await loaders.settlementDisputed.load(row.id),
        due: await dueOf(row, context),
      });
    },
  },

  SettlementSum: {
    amount: ({ amount, currency }) => ({ amount, currency }),
  },

  SettlementLine: {
    id: lineIdOf,
    amount: ({ amount, currency }) => ({ amount, currency }),
  },
};

function find(id: string, { db, viewer, loaders }: SubgraphContext) {
  return findStatement(db, id, { partnerId: viewer.partnerId, moment: loaders.now });
}

async function figures(row: SettlementStatement, { loaders }: SubgraphContext) {
  return figuresOf(await loaders.settlementSums.load(row));
}

/** What is to be paid: nothing before it is issued, and after it is paid. */
async function dueOf(row: SettlementStatement, context: SubgraphContext): Promise<Big> {
  if (row.status === 'OPEN' || row.status === 'PAID') return new Big(0);
  const { net } = await figures(row, context);
  return net.minus(await context.loaders.settlementDisputed.load(row.id));
}
