import {
  type DocumentNode,
  type ExecutionArgs,
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  createSourceEventStream,
  execute,
  parse,
  validate,
} from 'graphql';
import { LeftOut } from './access.ts';
import { forbidden } from './errors.ts';
import type { Asked } from './execution/operations.ts';

/**
 * A subscription's events, each a GraphQL response. To return it ends it at once, also while an event is
 * waited for: what generators do not do.
 */
export type Events = AsyncIterableIterator<object>;

/** A subscription of a subgraph. */
export interface Subscribing<Context> {
  schema: GraphQLSchema;
  request: Asked;
  /** Makes a context for each event: nothing that was read for another is remembered. */
  createContext: () => Context;
  /** Whether the subscriber may be told anything still; asked before each event. */
  mayGoOn: (context: Context) => Promise<boolean>;
  /** What leaves the subgraph of an error. */
  present: (error: GraphQLError) => GraphQLFormattedError;
}

/** Starts a subscription, which is under way when this resolves; or gives what refuses it. */
export async function openEvents<Context>(
  subscribing: Subscribing<Context>,
): Promise<Events | { errors: GraphQLFormattedError[] }> {
  const { schema, request, createContext, mayGoOn, present } = subscribing;
  const read = readDocument(schema, request.query);
  if ('errors' in read) return { errors: read.errors.map(present) };
  const args: ExecutionArgs = {
    schema,
    document: read.document,
    operationName: request.operationName ?? null,
    variableValues: request.variables ?? {},
  };
  const contextValue = createContext();
  if (!(await mayGoOn(contextValue))) return { errors: [present(forbidden())] };
  const source = await createSourceEventStream({ ...args, contextValue });
  if (!(Symbol.asyncIterator in source)) return { errors: (source.errors ?? []).map(present) };
  return new ToldEvents(source[Symbol.asyncIterator](), args, subscribing);
}

function readDocument(
  schema: GraphQLSchema,
  query: string,
): { document: DocumentNode } | { errors: readonly GraphQLError[] } {
  try {
    const document = parse(query, { noLocation: true });
    const errors = validate(schema, document);
    return errors.length > 0 ? { errors } : { document };
  } catch (error) {
    return { errors: [error as GraphQLError] };
  }
}

/** Executes the selection for each event of a source. */
class ToldEvents<Context> implements AsyncIterableIterator<object> {
  readonly #source: AsyncIterator<unknown>;
  readonly #args: ExecutionArgs;
  readonly #subscribing: Subscribing<Context>;
  #isOver = false;

  constructor(
    source: AsyncIterator<unknown>,
    args: ExecutionArgs,
    subscribing: Subscribing<Context>,
  ) {
    this.#source = source;
    this.#args = args;
    this.#subscribing = subscribing;
  }

  async next(): Promise<IteratorResult<object, undefined>> {
    try {
      while (!this.#isOver) {
        const { done, value } = await this.#source.next();
        if (done) break;
        const told = await this.#tell(value);
        if (told) return { done: false, value: told };
      }
    } catch (error) {
      return this.#endWith(asGraphQLError(error));
    }
    return { done: true, value: undefined };
  }

  async return(): Promise<IteratorResult<object, undefined>> {
    this.#isOver = true;
    await this.#source.return?.();
    return { done: true, value: undefined };
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  /** The response to an event; null where the subscriber may not know of it. */
  async #tell(rootValue: unknown): Promise<object | null> {
    const { createContext, mayGoOn, present } = this.#subscribing;
    const contextValue = createContext();
    if (!(await mayGoOn(contextValue))) throw forbidden();
    const { data, errors } = await execute({ ...this.#args, rootValue, contextValue });
    if (errors?.some(({ originalError }) => originalError instanceof LeftOut)) return null;
    return { data: data ?? null, ...(errors && { errors: errors.map(present) }) };
  }

  async #endWith(error: GraphQLError): Promise<IteratorResult<object, undefined>> {
    await this.return();
    return { done: false, value: { errors: [this.#subscribing.present(error)] } };
  }
}

function asGraphQLError(error: unknown): GraphQLError {
  if (error instanceof GraphQLError) return error;
  return new GraphQLError('The stream fails.', { originalError: error as Error });
}
