import { GraphQLError } from 'graphql';
import { setImmediate } from 'node:timers/promises';
import type { Config, SubgraphName } from '../../platform/config.ts';
import { goneAway } from '../../platform/errors.ts';
import type { Limits } from '../../platform/limits.ts';
import type { GatewayContext } from '../context.ts';
import type { Executor } from '../executor.ts';
import { logFaults, logOperation } from '../operation-log.ts';
import { describeOperation } from '../spans.ts';
import type { SubgraphClient } from '../subgraph-client.ts';
import { Answers } from './answers.ts';
import { type Counts, type Holder, openCounts } from './counts.ts';
import { type Asked, type ReadSubscription, readSubscription } from './documents.ts';
import { type FollowHop, openFollowing } from './hops.ts';
import type { Leases } from './leases.ts';
import { Refused, errorsOf } from './refused.ts';

/** What a process has of subscriptions, whatever way they came. */
export interface Subscriptions {
  /**
   * Starts one, which is under way when this resolves.
   *
   * @throws GraphQLError, Refused
   */
  open(asked: Asked, subscriber: Subscriber): Promise<Answers>;
  /** Ends all of them: their clients subscribe elsewhere. */
  close(): void;
}

interface Subscriber extends Holder {
  /** Makes the context of one event. */
  createContext: () => GatewayContext;
}

interface Parts {
  config: Config;
  executor: Executor;
  clients: Readonly<Record<SubgraphName, SubgraphClient>>;
  /** Where several gateways count together. */
  leases: Leases | null;
}

/** Opens what subscriptions go through: checks, limits, the subgraph that has the events, and the rest of them. */
export function openSubscriptions({ config, executor, clients, leases }: Parts): Subscriptions {
  const { limits } = config;
  const counts: Counts = openCounts('subscriptions', limits, leases);
  const ways = new Map<string, FollowHop>(
    Object.entries(clients).map(([name, client]) => [
      name,
      openFollowing(name as SubgraphName, client, config),
    ]),
  );
  const open = new Map<Answers, Asked>();
  let isClosed = false;
  executor.onSwitch(() => void renewAll(open, executor, limits));
  return {
    async open(asked, subscriber) {
      if (isClosed) throw goneAway();
      const { createContext } = subscriber;
      const context = createContext();
      const started = performance.now();
      let leave = (): void => undefined;
      try {
        const read = await readSubscription(asked, executor, limits);
        describeOperation(context, read.prepared.operation);
        // What is refused for itself takes no place meanwhile.
        leave = await counts.enter(subscriber);
        const { subgraph, bodyOf } = read.prepared.events;
        const end = new AbortController();
        const followed = await ways.get(subgraph)!(bodyOf(read.variables), context, end);
        if ('refused' in followed) {
          throw new Refused((followed.refused.errors ?? []).map(asError));
        }
        const answers: Answers = new Answers(followed.events, {
          read,
          createContext,
          end,
          ended(events) {
            leave();
            open.delete(answers);
            context.metrics.subscriptions.dec();
            logStream(context, read, { started, events });
          },
        });
        open.set(answers, asked);
        void renew(answers, asked, executor, limits);
        context.metrics.subscriptions.inc();
        if (isClosed) answers.end(goneAway());
        return answers;
      } catch (error) {
        leave();
        const errors = errorsOf(error);
        if (!errors.includes(error as GraphQLError) && !(error instanceof Refused)) {
          context.log.error({ err: error }, 'fault');
        } else logFaults(context, errors);
        logOperation(context, undefined, started, errors.length);
        throw error;
      }
    },
    close() {
      isClosed = true;
      for (const answers of open.keys()) answers.end(goneAway());
    },
  };
}

/** Has all that are open go on by the supergraph that is served now. */
async function renewAll(
  open: ReadonlyMap<Answers, Asked>,
  executor: Executor,
  limits: Limits,
): Promise<void> {
  for (const [answers, asked] of open) {
    // Others come in between.
    // oxlint-disable-next-line no-await-in-loop
    await setImmediate();
    // oxlint-disable-next-line no-await-in-loop
    await renew(answers, asked, executor, limits);
  }
}

/** One that cannot go on ends: its client subscribes again, and hears why. */
async function renew(
  answers: Answers,
  asked: Asked,
  executor: Executor,
  limits: Limits,
): Promise<void> {
  while (answers.schema !== executor.schema) {
    // oxlint-disable-next-line no-await-in-loop
    const read = await readSubscription(asked, executor, limits).catch(() => null);
    if (!read || !answers.goOnBy(read)) return answers.end(goneAway());
  }
}

/** One line for each subscription, when it ends. */
function logStream(
  { log, viewer }: GatewayContext,
  { prepared: { operation } }: ReadSubscription,
  { started, events }: { started: number; events: number },
): void {
  const line = {
    operationName: operation.name?.value.slice(0, 100),
    audience: viewer.audience,
    durationMs: Math.round(performance.now() - started),
    events,
  };
  log.info(line, 'subscription');
}

function asError({ message, extensions }: { message: string; extensions?: object }): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions } });
}
