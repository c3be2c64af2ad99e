import { GraphQLError } from 'graphql';
import type { Config, SubgraphName } from '../../platform/config.ts';
import { goneAway } from '../../platform/errors.ts';
import type { GatewayContext } from '../context.ts';
import type { Executor } from '../executor.ts';
import type { SubgraphClient } from '../subgraph-client.ts';
import { Answers } from './answers.ts';
import { type Counts, type Holder, openCounts } from './counts.ts';
import { type Asked, readSubscription } from './documents.ts';
import { type FollowHop, openFollowing } from './hops.ts';
import { Refused } from './refused.ts';

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
}

/** Opens what subscriptions go through: checks, limits, the subgraph that has the events, and the rest of them. */
export function openSubscriptions({ config, executor, clients }: Parts): Subscriptions {
  const { limits } = config;
  const counts: Counts = openCounts(limits);
  const ways = new Map<string, FollowHop>(
    Object.entries(clients).map(([name, client]) => [
      name,
      openFollowing(name as SubgraphName, client, config),
    ]),
  );
  const open = new Set<Answers>();
  let isClosed = false;
  return {
    async open(asked, subscriber) {
      if (isClosed) throw goneAway();
      const leave = counts.enter(subscriber);
      try {
        const { createContext } = subscriber;
        const read = await readSubscription(asked, executor, limits);
        const { subgraph, bodyOf } = read.prepared.events;
        const end = new AbortController();
        const followed = await ways.get(subgraph)!(bodyOf(read.variables), createContext(), end);
        if ('refused' in followed) {
          throw new Refused((followed.refused.errors ?? []).map(asError));
        }
        const answers: Answers = new Answers(followed.events, {
          read,
          createContext,
          end,
          ended() {
            leave();
            open.delete(answers);
          },
        });
        open.add(answers);
        if (isClosed) answers.end(goneAway());
        return answers;
      } catch (error) {
        leave();
        throw error;
      }
    },
    close() {
      isClosed = true;
      for (const answers of open) answers.end(goneAway());
    },
  };
}

function asError({ message, extensions }: { message: string; extensions?: object }): GraphQLError {
  return new GraphQLError(message, { extensions: { ...extensions } });
}
