import { randomUUID } from 'node:crypto';
import { pino } from 'pino';
import { Registry } from 'prom-client';
import type { Clock } from '../../platform/clock.ts';
import { databaseClock } from '../../platform/clock.ts';
import { type Config, type PartName, partNames, roleOf } from '../../platform/config.ts';
import type { Platform } from '../../platform/context.ts';
import { type HopRequest, signHop } from '../../platform/hop.ts';
import type { Message } from '../../platform/mail.ts';
import type { Subgraph } from '../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { keptMail, keptTexts } from './mail.ts';

/** A platform that keeps its mail to look at, and logs nothing. */
export function testPlatform(clock: Clock = databaseClock): Platform & { sent: Message[] } {
  const mail = keptMail();
  const texts = keptTexts();
  return {
    clock,
    mail,
    texts,
    sent: mail.sent,
    log: pino({ level: 'silent' }),
    metrics: new Registry(),
  };
}

/** The configuration of a system whose parts run on the test's database, each under its own role. */
export function configOn(test: TestDatabase, environment: Record<string, string> = {}): Config {
  const config = testConfig(environment);
  const databaseUrls = Object.fromEntries(
    partNames.map((part) => [part, test.url(roleOf(part))]),
  ) as Record<PartName, string>;
  return {
    ...config,
    databaseUrl: test.url('postgres'),
    databaseUrls,
    limits: { ...config.limits, poolConnections: 4 },
  };
}

export interface GraphQLAnswer {
  data?: Record<string, never> | null;
  errors?: { message: string; path?: (string | number)[]; extensions?: { code?: string } }[];
  extensions?: { valueCompletion?: { path: (string | number)[] }[] };
}

/** Calls a subgraph as the gateway does: with a hop signed for the viewer. */
export async function callSubgraph(
  subgraph: Subgraph,
  viewer: Viewer,
  query: string,
  variables: object = {},
): Promise<GraphQLAnswer> {
  return asJson((await subgraph.answer(hopOf(subgraph, viewer, { query, variables }))).body);
}

/** Subscribes as the gateway does. @returns the first event, or the refusal; null where it ends without one */
export async function firstEvent(
  subgraph: Subgraph,
  viewer: Viewer,
  query: string,
): Promise<GraphQLAnswer | null> {
  const answer = await subgraph.subscribe(hopOf(subgraph, viewer, { query }));
  if ('body' in answer) return asJson(answer.body);
  const { done, value } = await answer.events.next();
  await answer.events.return?.();
  return done ? null : asJson(value as object);
}

function hopOf({ name }: Subgraph, viewer: Viewer, request: object): HopRequest {
  const body = JSON.stringify(request);
  const [key] = testConfig().hopKeys;
  return { body, headers: signHop(key!, name, { viewer, requestId: randomUUID() }, body) };
}

/** Over HTTP an answer is JSON: what a client sees has no bigint and no Date. */
function asJson(answer: object): GraphQLAnswer {
  return JSON.parse(JSON.stringify(answer)) as GraphQLAnswer;
}

/** Ways to call a subgraph that is started before the tests. */
export function callsOf(subgraph: () => Subgraph) {
  const call = (viewer: Viewer, query: string, variables?: object) =>
    callSubgraph(subgraph(), viewer, query, variables);
  return {
    /** The data of an answer that must be without errors. */
    ask: async <Data>(viewer: Viewer, query: string, variables?: object): Promise<Data> => {
      const { data, errors } = await call(viewer, query, variables);
      expect(errors).toBeUndefined();
      return data as Data;
    },
    /** The code of an answer's first error; undefined where it has none. */
    codeOf: async (viewer: Viewer, query: string, variables?: object) =>
      (await call(viewer, query, variables)).errors?.[0]?.extensions?.code,
  };
}

export function memberViewer(
  memberId: string,
  scopes: Viewer['scopes'] = ['PROFILE', 'BALANCE', 'REDEEM', 'COMMUNITY'],
): Viewer {
  return { ...anonymous, audience: 'MEMBER', memberId, subject: memberId, scopes };
}

export function partnerViewer(partnerId: string, scopes: Viewer['scopes'] = []): Viewer {
  return { ...anonymous, audience: 'PARTNER', partnerId, subject: 'client', scopes };
}

export function adminViewer(
  scopes: Viewer['scopes'] = ['PARTNERS_MANAGE', 'MEMBERS_SUPPORT'],
): Viewer {
  return { ...anonymous, audience: 'ADMIN', subject: 'admin', scopes };
}
