import type { GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { hash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Config } from '../../platform/config.ts';
import type { GatewayContext } from '../context.ts';
import type { Operations } from '../execution/operations.ts';
import type { Executed, Prepared } from '../execution/prepare.ts';
import type { Variables } from '../execution/run.ts';
import type { GatewayMetrics } from '../metrics.ts';
import { secondsOf } from './hints.ts';
import { type AnswerStore, openAnswerStore } from './store.ts';

/** What keeps answers. */
export interface AnswerKeeping {
  /**
   * The same operations, whose answers to callers without a token are kept where the schema lets
   * them. Who has a token neither reads them nor leaves any: only what nobody in particular asked
   * for is kept, so that no rule of who may see what is ever answered from here.
   *
   * @param supergraph with its directives, which say how long
   * @param sdl the same, as text: of another one there are other answers
   */
  keepingAnswers(operations: Operations, supergraph: GraphQLSchema, sdl: string): Operations;
  close(): void;
}

/** Keeps answers in memory or in Redis, where the configuration wants it. */
export function openAnswerKeeping(
  config: Config,
  log: Logger,
  metrics: GatewayMetrics,
): AnswerKeeping {
  const store = openAnswerStore(config, log);
  if (!store) return { keepingAnswers: (operations) => operations, close: () => undefined };
  return {
    keepingAnswers(operations, supergraph, sdl) {
      // Whoever else has this Redis may serve the same graph.
      const of = digest([config.issuer, sdl]);
      const keeping: Keeping = {
        supergraph,
        store,
        metrics,
        maxLength: config.limits.keptAnswerCharacters,
      };
      const made = new WeakMap<Prepared, Prepared>();
      const keepingOf = (prepared: Prepared, source: string, name: string | undefined) => {
        let own = made.get(prepared);
        if (!own)
          made.set(prepared, (own = keepingAnswersOf(prepared, [of, name, source], keeping)));
        return own;
      };
      return {
        ...operations,
        known(source, name) {
          const prepared = operations.known(source, name);
          return prepared && keepingOf(prepared, source, name);
        },
        prepare: async (source, name, document) =>
          keepingOf(await operations.prepare(source, name, document), source, name),
      };
    },
    close: () => store.close(),
  };
}

interface Keeping {
  supergraph: GraphQLSchema;
  store: AnswerStore;
  metrics: GatewayMetrics;
  /** The longest answer that is kept, in characters. */
  maxLength: number;
}

function keepingAnswersOf(
  prepared: Prepared,
  identity: readonly unknown[],
  { supergraph, store, metrics, maxLength }: Keeping,
): Prepared {
  const seconds = secondsOf(prepared.document, prepared.operation, supergraph);
  if (seconds === 0) return prepared;
  const lastsMs = seconds * 1_000;
  const keyOf = keysOf(digest(identity), prepared.operation);

  async function answerNobody(variables: Variables, context: GatewayContext): Promise<Executed> {
    const key = keyOf(variables);
    const kept = await store.get(key);
    metrics.keptAnswers.inc({ result: kept ? 'hit' : 'miss' });
    if (kept) {
      // Another gateway's clock may be ahead.
      context.keptForMs = Math.min(kept.endsAtMs - Date.now(), lastsMs);
      return { data: [kept.data], errors: [], flaws: [] };
    }
    // Counted from before it is read: what changes meanwhile is not kept any longer.
    const endsAtMs = Date.now() + lastsMs;
    const executed = await prepared.execute(variables, context);
    const { errors, flaws } = executed;
    const data = executed.data.join('');
    const isWhole = errors.length === 0 && flaws.length === 0;
    if (isWhole && data.length <= maxLength) {
      context.keptForMs = endsAtMs - Date.now();
      store.put(key, { data, endsAtMs });
    }
    return executed;
  }

  return {
    ...prepared,
    execute: (variables, context, event) =>
      isNobody(context)
        ? answerNobody(variables, context)
        : prepared.execute(variables, context, event),
  };
}

/** The keys of an operation's answers, by its own variables: others that are sent change nothing. */
function keysOf(
  identity: string,
  { variableDefinitions = [] }: OperationDefinitionNode,
): (variables: Variables) => string {
  const names = variableDefinitions.map(({ variable }) => variable.name.value);
  return (variables) => {
    const own = names.filter((name) => Object.hasOwn(variables, name));
    return digest([identity, ...own.map((name) => [name, variables[name]])]);
  };
}

function digest(parts: readonly unknown[]): string {
  return hash('sha256', JSON.stringify(parts), 'base64url');
}

function isNobody({ viewer }: GatewayContext): boolean {
  return viewer.audience === 'PUBLIC' && viewer.subject === null;
}
