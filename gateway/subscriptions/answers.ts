import {
  GraphQLError,
  type GraphQLFormattedError,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Events } from '../../platform/streams.ts';
import { beginTrace } from '../../platform/tracing.ts';
import type { GatewayContext } from '../context.ts';
import { type HopResult, readAnswer, unavailable } from '../data-source.ts';
import { logFaults } from '../operation-log.ts';
import { describeOperation } from '../spans.ts';
import type { ReadSubscription } from './documents.ts';
import { toldErrors } from './refused.ts';

interface Settings {
  read: ReadSubscription;
  /** Makes a context for each event: it has the time of an operation. */
  createContext: () => GatewayContext;
  /** Ends what the source waits for. */
  end: AbortController;
  /** When it has ended, for whatever reason, after so many events. */
  ended: (events: number) => void;
}

/**
 * What a subscriber is told: for each event of a subgraph the client's whole selection, what other
 * subgraphs know among it. The next event is asked for when this one is taken.
 */
export class Answers implements AsyncIterableIterator<object> {
  readonly #events: Events;
  readonly #settings: Settings;
  #read: ReadSubscription;
  /** What it ends with, for the client, where it does not end by itself. */
  #reason: GraphQLError | null = null;
  #isOver = false;
  #told = 0;

  constructor(events: Events, settings: Settings) {
    this.#events = events;
    this.#settings = settings;
    this.#read = settings.read;
  }

  async next(): Promise<IteratorResult<object, undefined>> {
    if (this.#isOver) return this.#last();
    try {
      const { done, value } = await this.#events.next();
      if (this.#isOver) return this.#last();
      if (!done) {
        this.#told++;
        return { done: false, value: await this.#answer(value) };
      }
    } catch (err) {
      if (this.#isOver) return this.#last();
      this.#settings.createContext().log.warn({ err }, 'stream lost');
      this.#reason = new GraphQLError(unavailable.message, { extensions: unavailable.extensions! });
    }
    this.#close();
    return this.#last();
  }

  /** What the client asked. */
  get operation(): OperationDefinitionNode {
    return this.#read.prepared.operation;
  }

  /** What it was checked by, for now. */
  get schema(): GraphQLSchema {
    return this.#read.prepared.schema;
  }

  /**
   * Goes on with the same operation by another plan, from the next event on. @returns whether it can:
   * the events that come have to be those that the other plan would ask for
   */
  goOnBy(read: ReadSubscription): boolean {
    const [own, other] = [this.#read, read].map(({ prepared: { events }, variables }) =>
      JSON.stringify([events.subgraph, events.bodyOf(variables)]),
    );
    if (own === other) this.#read = read;
    return own === other;
  }

  return(): Promise<IteratorResult<object, undefined>> {
    this.#close();
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Ends it with a last word to the client. */
  end(reason: GraphQLError): void {
    if (this.#isOver) return;
    this.#reason = reason;
    this.#close();
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #close(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#settings.ended(this.#told);
    // One that waits is ended by the signal: what it is returned to it would hear of with the next event.
    this.#settings.end.abort();
    this.#events.return?.().catch(() => undefined);
  }

  #last(): IteratorResult<object, undefined> {
    const reason = this.#reason;
    if (!reason) return { done: true, value: undefined };
    this.#reason = null;
    return { done: false, value: { errors: this.#present([reason.toJSON()]) } };
  }

  async #answer(event: object): Promise<object> {
    const { createContext, end } = this.#settings;
    const read = this.#read;
    const { data, errors: first = [] } = readEvent(event);
    if (data === null) return { data: null, errors: this.#present(first) };
    const span = beginTrace('subscription');
    const context = { ...createContext(), gone: end.signal, span };
    describeOperation(context, read.prepared.operation);
    const executed = await read.prepared.execute(read.variables, context, data);
    const errors = [...first, ...executed.errors];
    logFaults(context, errors);
    span?.end();
    return {
      data: JSON.parse(executed.data.join('')) as object | null,
      ...(errors.length > 0 && { errors: this.#present(errors) }),
    };
  }

  #present(errors: readonly GraphQLFormattedError[]): GraphQLFormattedError[] {
    return toldErrors(errors, this.#settings.createContext().requestId);
  }
}

function readEvent(body: object): HopResult {
  return readAnswer({ status: 200, body });
}
