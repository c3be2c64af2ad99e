import { randomUUID } from 'node:crypto';
import { setTimeout, setImmediate as turn } from 'node:timers/promises';
import type { PartName } from '../../platform/config.ts';
import { isUnavailable } from '../../platform/connection.ts';
import { type Database, sqlStateOf, transaction } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { type Answers, openAnswers } from './kills.ts';
import { type Answer, type Ask, type Asker, type KindName, draw, kinds } from './ledger-kinds.ts';

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
  /** Lets each client finish its call. */
  stop: () => Promise<void>;
}

interface Options extends Pick<Asker, 'members' | 'partnerId' | 'random'> {
  /** A part's connection. */
  db(part: PartName): Database;
  clients: number;
  /** What clients ask for, in turn. */
  kinds: readonly KindName[];
  /** Whether what may go in one call of the ledger does. */
  gathers: boolean;
  /** Whether a call is repeated with its key; otherwise each try has a new one. */
  keepsKeys: boolean;
  /** Whether every tenth call that is not answered is let be, as if the till had been switched off. */
  givesUp: boolean;
  /** Rejects when the server is given up. */
  lost?: Promise<never>;
}

/** Starts clients that each send the ledger one call after another, for members whom all share. */
export function startLedgerLoad(options: Options): LedgerLoad {
  const { random, gathers, keepsKeys, givesUp, lost } = options;
  const list: Line[] = [];
  const unanswered: string[] = [];
  let isOver = false;

  async function work(): Promise<void> {
    const asker: Asker = { ...options, accruals: [], redemptions: [], holds: [] };
    for (let count = 0; !isOver; count++) {
      const first = draw(asker, options.kinds, count);
      const most = gathers ? kinds[first.kind].togetherMax : 1;
      const asks = Array.from({ length: random(most) }, () => draw(asker, [first.kind], 0));
      const lines = [first, ...asks].map((ask) => ({ ...ask, keys: [randomUUID()] }));
      list.push(...lines);
      await call(lines, givesUp && count % 10 === 9);
      for (const line of lines) learn(asker, line);
    }
  }

  /** Sends commands in one transaction until they are answered. */
  async function call(lines: Line[], isGivenUp: boolean): Promise<void> {
    const { part } = kinds[lines[0]!.kind];
    for (;;) {
      const sentAt = performance.now();
      let said: (Answer | Refusal)[] = [];
      try {
        await transaction(options.db(part), async (tx) => {
          said = await send(tx, lines);
        });
        for (const [index, line] of lines.entries()) line.answer = said[index]!;
        return note(sentAt);
      } catch (error) {
        if (isAnswer(error)) {
          lines[0]!.answer = error;
          return note(sentAt);
        }
        if (!isUnavailable(error) && !(error instanceof Refusal)) throw error;
        unanswered.push(sqlStateOf(error) ?? (error as Error).message);
      }
      for (const [index, answer] of said.entries()) lines[index]!.heard = answer;
      if (isGivenUp || (isOver && givesUp)) return;
      if (!keepsKeys) for (const line of lines) line.keys.push(randomUUID());
      await setTimeout(20);
    }
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

/** @throws Refusal where there is one command and it is refused, as every rule throws it */
async function send(tx: Database, lines: Line[]): Promise<(Answer | Refusal)[]> {
  const requests = lines.map(({ request, keys }) => ({ ...request, key: keys.at(-1)! }));
  const said = await kinds[lines[0]!.kind].send(tx, requests);
  if (said.length === 1 && said[0] instanceof Refusal) throw said[0];
  return said;
}

/** A refusal says that nothing was done, and will not be; but one says only to ask again. */
function isAnswer(error: unknown): error is Refusal {
  return error instanceof Refusal && error.code !== 'IN_PROGRESS';
}

function learn(asker: Asker, { opens, answer, keys, facts }: Line): void {
  if (!opens || !answer || answer instanceof Refusal) return;
  const { memberId, points } = facts[0]!;
  asker[opens].push({ key: keys.at(-1)!, memberId, points: points < 0n ? -points : points });
}
