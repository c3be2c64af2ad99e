import { randomUUID } from 'node:crypto';
import { setTimeout, setImmediate as turn } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { type Batches, openBatches } from '../../platform/batches.ts';
import { databaseClock } from '../../platform/clock.ts';
import type { PartName } from '../../platform/config.ts';
import { isUnavailable } from '../../platform/connection.ts';
import { type Database, sqlStateOf, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { limits } from '../../platform/limits.ts';
import { openLog } from '../../platform/log.ts';
import { type Answers, openAnswers } from './kills.ts';
import { type Answer, type Ask, type Asker, type KindName, draw, kinds } from './ledger-kinds.ts';

const log = openLog('silent');
const atOnceMax = 20;

/** One line of a client's own list: what it has asked the ledger for, and what it was answered. */
export interface Line extends Ask {
  /** The keys that it was sent with: one, unless each try has a new one. */
  keys: string[];
  /** What the ledger said last in a transaction of which the client does not know how it ended. */
  heard?: Answer | Refusal;
  answer?: Answer | Refusal;
}

export interface LedgerLoad extends Pick<Answers, 'answered'> {
  /** The lines of all clients. */
  list: readonly Line[];
  /** What clients were told in place of answers, by its code. */
  unanswered: readonly string[];
  /** Rejects with a fault: no answer, and no call to repeat; or when the server is lost. */
  gone: Promise<never>;
  /** Lets each client finish its command. */
  stop: () => Promise<void>;
}

interface Options extends Pick<Asker, 'members' | 'partnerId' | 'random'> {
  /** A part's connection. */
  db(part: PartName): Database;
  clients: number;
  /** What clients ask for, in turn. */
  kinds: readonly KindName[];
  /** Whether clients send several commands at once, and what arrives together goes together. */
  gathers: boolean;
  /** Whether a call is repeated with its key; otherwise each try has a new one. */
  keepsKeys: boolean;
  /** Whether every tenth call that is not answered is let be, as if the till had been switched off. */
  givesUp: boolean;
  /** Rejects when the server is given up. */
  lost?: Promise<never>;
}

/** Starts clients that each send the ledger one command after another, for members whom all share. */
export function startLedgerLoad(options: Options): LedgerLoad {
  const { random, gathers, keepsKeys, givesUp, lost } = options;
  const list: Line[] = [];
  const unanswered: string[] = [];
  let isOver = false;

  async function work(): Promise<void> {
    const asker: Asker = { ...options, accruals: [], redemptions: [], holds: [] };
    for (let count = 0; !isOver; count++) {
      const first = draw(asker, options.kinds, count);
      // As when a till, or several, report what they have: so much at once.
      const more = gathers && kinds[first.kind].isGathered ? random(atOnceMax) : 0;
      const others = Array.from({ length: more }, () => draw(asker, [first.kind], 0));
      const lines: Line[] = [first, ...others].map((ask) => ({ ...ask, keys: [randomUUID()] }));
      list.push(...lines);
      await Promise.all(lines.map((line) => call(line, givesUp && count % 10 === 9)));
      for (const line of lines) learn(asker, line);
    }
  }

  /** Sends a command until it is answered. */
  async function call(line: Line, isGivenUp: boolean): Promise<void> {
    for (;;) {
      const sentAt = performance.now();
      try {
        line.answer = await post(line);
        return note(sentAt);
      } catch (error) {
        if (isAnswer(error)) {
          line.answer = error;
          return note(sentAt);
        }
        unanswered.push(codeOf(error));
      }
      if (isGivenUp || (isOver && givesUp)) return;
      if (!keepsKeys) line.keys.push(randomUUID());
      await setTimeout(50);
    }
  }

  const batches = new Map<KindName, Batches>();

  async function post(line: Line): Promise<Answer> {
    const { part, isGathered } = kinds[line.kind];
    const db = options.db(part);
    if (!gathers || !isGathered) return answerIn((await postTogether(db, [line], {}))[0]!);
    const own = batches.get(line.kind) ?? openBatches(db, { clock: databaseClock, log, limits });
    batches.set(line.kind, own);
    return own.add<Line, Answer>(postTogether, line, line.facts[0]!.memberId);
  }

  // From the next turn on: there is somebody to note their answers then.
  const workers = turn().then(() => Promise.all(Array.from({ length: options.clients }, work)));
  const ended = workers.then(() => new Promise<never>(() => undefined));
  const gone = Promise.race(lost ? [lost, ended] : [ended]);
  // Not everyone listens, and in the end they are stopped.
  gone.catch(() => undefined);
  const { answered, note } = openAnswers(gone, () => unanswered.at(-1) ?? 'no call has failed');
  return {
    list,
    unanswered,
    gone,
    answered,
    async stop() {
      isOver = true;
      await workers;
    },
  };
}

/** Posts commands of one kind in one transaction. */
async function postTogether(
  db: Database,
  lines: Line[],
  { lockMs }: { lockMs?: number | null },
): Promise<(Answer | Refusal)[]> {
  let said: (Answer | Refusal)[] = [];
  try {
    const work = async (tx: Database) => void (said = await send(tx, lines));
    await transaction(db, work, lockMs);
    return said;
  } catch (error) {
    for (const [index, answer] of said.entries()) lines[index]!.heard = answer;
    throw error;
  }
}

/** @throws Refusal where there is one command and it is refused, as every rule throws it */
async function send(tx: Database, lines: Line[]): Promise<(Answer | Refusal)[]> {
  const requests = lines.map(({ request, keys }) => ({ ...request, key: keys.at(-1)! }));
  const said = await kinds[lines[0]!.kind].send(tx, requests);
  if (said.length === 1) answerIn(said[0]!);
  return said;
}

function answerIn(said: Answer | Refusal): Answer {
  if (said instanceof Refusal) throw said;
  return said;
}

/** A refusal says that nothing was done, and will not be; but one says only to ask again. */
function isAnswer(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code !== 'IN_PROGRESS';
}

/** What says that the call may be sent again. @throws any other error: a fault */
function codeOf(error: unknown): string {
  const isBusy = error instanceof GraphQLError;
  if (!isBusy && !isUnavailable(error) && !(error instanceof Refusal)) throw error;
  return isBusy ? 'busy' : (sqlStateOf(error) ?? (error as Error).message);
}

function learn(asker: Asker, { opens, answer, keys, facts }: Line): void {
  if (!opens || !answer || answer instanceof Refusal) return;
  const { memberId, points } = facts[0]!;
  asker[opens].push({ key: keys.at(-1)!, memberId, points: points < 0n ? -points : points });
}
