import {
  type DocumentNode,
  type GraphQLSchema,
  concatAST,
  defaultFieldResolver,
  isObjectType,
  parse,
} from 'graphql';
import {
  type Subgraph,
  type SubgraphDefinition,
  readSdl,
  startSubgraph,
} from '../../platform/subgraph.ts';
import type { Platform } from '../../platform/context.ts';
import type { TestDatabase } from '../support/database.ts';
import {
  type GraphQLAnswer,
  callSubgraph,
  configOn,
  firstEvent,
  testPlatform,
} from '../support/subgraph.ts';
import type { Caller } from './callers.ts';
import { type Question, rowFieldOf, rowTypesOf } from './questions.ts';
import { nameOf, typesOf } from './rules.ts';

/**
 * What an answer holds: + something, o an empty list, . nothing (null), x a refusal of the operation, ! one
 * of its arguments.
 */
export type Cell = '+' | 'o' | '.' | 'x' | '!';

/** Sown rows, as resolvers gave them, with the values of their keys: by type. */
export type Rows = Map<string, { row: unknown; key: Record<string, unknown> | null }>;

interface Opening {
  rows: Rows;
  /** That of its name where left out. */
  sdl?: DocumentNode;
  platform?: Platform;
  /** Whether mutations act: until then they do nothing once they are let through. */
  isActing?: () => boolean;
}

type Resolve = (...given: unknown[]) => unknown;

/** Starts a subgraph whose rows can each be asked for, whatever leads to them. */
export function startOpen(
  definition: SubgraphDefinition<unknown>,
  test: TestDatabase,
  { rows, sdl = readSdl(definition.name), platform = testPlatform(), isActing }: Opening,
): Promise<Subgraph> {
  const types = rowTypesOf(sdl);
  const fields = types.map((type) => `${rowFieldOf(type)}: ${type}`);
  const resolvers = definition.resolvers as Record<string, Record<string, Resolve>>;
  const rowResolvers = types.map((type) => [rowFieldOf(type), () => rows.get(type)?.row ?? null]);
  const mutations = Object.entries(resolvers['Mutation'] ?? {}).map(([name, resolve]) => [
    name,
    (...given: unknown[]) => (isActing?.() ? resolve(...given) : null),
  ]);
  const streams = typesOf(sdl)
    .filter(({ name }) => name.value === 'Subscription')
    .flatMap(({ fields = [] }) => fields)
    .map(({ name, type }) => [name.value, tellingOf(() => rows.get(nameOf(type))?.row)]);
  const open = {
    ...definition,
    typeDefs: concatAST([sdl, parse(`extend type Query { ${fields.join(' ')} }`)]),
    resolvers: {
      ...resolvers,
      Query: { ...resolvers['Query'], ...Object.fromEntries(rowResolvers) },
      Mutation: Object.fromEntries(mutations),
      ...(streams.length > 0 && { Subscription: Object.fromEntries(streams) }),
    },
  };
  return startSubgraph(open, configOn(test), platform);
}

/** A subscription that tells of one row, whoever subscribes. */
function tellingOf(rowOf: () => unknown) {
  return {
    async *subscribe() {
      yield rowOf();
    },
    resolve: (row: unknown) => row,
  };
}

/** Keeps the first row of each type that is resolved from now on. */
export function keepRows(schema: GraphQLSchema, rows: Rows): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('_')) continue;
    for (const field of Object.values(type.getFields())) {
      const resolve = field.resolve ?? defaultFieldResolver;
      field.resolve = async (row: object | undefined, args, context, info) => {
        const value: unknown = await resolve(row, args, context, info);
        if (row && !rows.has(type.name)) rows.set(type.name, { row, key: null });
        const isKey = field.name === 'id' || field.name === 'code';
        const kept = rows.get(type.name);
        if (kept?.row === row && isKey)
          kept!.key ??= { __typename: type.name, [field.name]: value };
        return value;
      };
    }
  }
}

interface Asking {
  callers: Caller[];
  rows: Rows;
}

/** What everybody gets for each question, in the order of both. */
export async function askAll(
  subgraph: Subgraph,
  questions: Question[],
  asking: Asking,
): Promise<Cell[][]> {
  const { stackTraceLimit } = Error;
  // Operations are refused by the thousand: to write down where would take most of the time.
  Error.stackTraceLimit = 0;
  try {
    return await askEach(subgraph, questions, asking);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function askEach(
  subgraph: Subgraph,
  questions: Question[],
  { callers, rows }: Asking,
): Promise<Cell[][]> {
  const cells = questions.map((): Cell[] => []);
  for (const kind of ['query', 'mutation'] as const) {
    const asked = questions.filter(
      ({ type }) => type !== 'Subscription' && (type === 'Mutation') === (kind === 'mutation'),
    );
    if (asked.length === 0) continue;
    const types = asked.filter(({ way }) => way === 'by reference').map(({ type }) => type);
    const declared = types.map((type) => `$${type}: [_Any!]!`).join(', ');
    const body = asked.map(({ text }, index) => `a${index}: ${text}`).join('\n');
    const document = `${kind} ${declared && `(${declared})`} { ${body} }`;
    const variables = Object.fromEntries(types.map((type) => [type, [rows.get(type)?.key]]));
    for (const { viewer, who } of callers) {
      const { data, errors = [] } = await callSubgraph(subgraph, viewer, document, variables);
      const refused = new Map(errors.map((error) => refusalIn(error, { who, viewer })));
      for (const [index, question] of asked.entries()) {
        const value = (data as Record<string, unknown> | null)?.[`a${index}`];
        const passed = kind === 'mutation' ? '+' : cellOf(value);
        cells[questions.indexOf(question)]!.push(refused.get(`a${index}`) ?? passed);
      }
    }
  }
  for (const [index, { type, field, text }] of questions.entries()) {
    if (type !== 'Subscription') continue;
    for (const { viewer, who } of callers) {
      const told = await firstEvent(subgraph, viewer, `subscription { ${text} }`);
      const refused = told?.errors?.map((error) => refusalIn(error, { who, viewer })[1]);
      cells[index]!.push(refused?.[0] ?? cellOf(told?.data?.[field!]));
    }
  }
  return cells;
}

/** All that may be said to who is refused. */
const refusals: Record<string, string> = {
  UNAUTHENTICATED: 'This needs a token.',
  FORBIDDEN: 'This token does not allow it.',
  BAD_USER_INPUT: 'A reference is the calling partner’s own.',
};

/** The operation that an error is about. @throws Error for one that says more, or another thing, than it should */
function refusalIn(
  {
    message,
    path = [],
    extensions: { code = '' } = {},
  }: NonNullable<GraphQLAnswer['errors']>[number],
  { who, viewer }: Pick<Caller, 'who' | 'viewer'>,
): [alias: string, Cell] {
  const isOfToken = code === (viewer.audience === 'PUBLIC' ? 'UNAUTHENTICATED' : 'FORBIDDEN');
  const isPlain = path.length === 1 && refusals[code] === message;
  if (isPlain && isOfToken) return [String(path[0]), 'x'];
  if (isPlain && code === 'BAD_USER_INPUT') return [String(path[0]), '!'];
  throw new Error(`${who}: ${code} ${message} at ${path.join('.')}`);
}

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined) return '.';
  if (Array.isArray(value)) return value.length === 0 ? 'o' : cellOf(value[0]);
  if (typeof value !== 'object') return '+';
  if ('value' in value) return cellOf(value.value);
  return 'nodes' in value ? cellOf(value.nodes) : '+';
}
