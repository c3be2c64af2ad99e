import fc from 'fast-check';
import { auditLedger } from '../../ledger/index.ts';
import { type Answer, post } from '../../ledger/commands.ts';
import { rows } from '../../platform/database.ts';
import { type TestDatabase, useTestDatabase } from '../support/database.ts';
import { ledgerModel } from './model.ts';
import type { ModelCommand } from './model-answers.ts';
import { compareHoldings } from './model-holdings.ts';
import { type Cast, type Race, commandOf, racingSequences } from './random-commands.ts';
import { fieldsOf, givenCast, givenPolicies, madeLots, policies } from './replay.ts';

/** `npm run test:nightly` asks for more. */
const rounds = Number(process.env['TEST_ROUNDS'] ?? 5);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

describe(`commands that race (${rounds} rounds, TEST_SEED=${seed})`, () => {
  const test = useTestDatabase();

  it('come to what the model makes of them in the order of their movements', async () => {
    await givenPolicies(test);

    let commands = 0;
    const property = fc.asyncProperty(racingSequences, async (races) => {
      commands += await runRaces(test, races, await givenCast(test));
    });

    for (let from = seed; commands < Math.max(500, rounds * 20); from++) {
      await fc.assert(property, { seed: from, numRuns: 5, interruptAfterTimeLimit: 20_000 });
    }

    expect(await auditLedger(test.owner())).toEqual([]);
  });
});

interface Posted {
  command: ModelCommand;
  answer: Answer;
}

/** Races lists of commands at one instant after the other, and lets the model follow. @returns how many commands */
async function runRaces(test: TestDatabase, races: readonly Race[], cast: Cast): Promise<number> {
  const lots = madeLots(test, cast.members);
  const model = ledgerModel(policies, lots.idOf);
  const asked: ModelCommand[] = [];
  let at = Date.parse('2026-03-01T12:00:00Z');
  for (const { hours, lists } of races) {
    at += hours * 3_600_000;
    const before = [...asked];
    const commands = lists.map((draws) =>
      draws.map((draw) => {
        const command = commandOf(draw, at, draw.kind === 'AGAIN' ? asked : before, cast);
        asked.push(command);
        return command;
      }),
    );
    const answered = await Promise.all(
      commands.map((list, n) => postAlone(test.db(n % 2 ? 'partners' : 'members'), list, at)),
    );
    await lots.learn();

    const all = answered.flat();
    const posted = await inOrderOfPosting(
      test,
      all.filter(({ answer }) => answer.outcome === 'POSTED'),
    );
    for (const each of posted) {
      expect({ ...each, answer: model.post(each.command, at) }).toEqual(each);
    }
    // What was refused or repeated changed nothing; what was repeated had the answer of the first.
    for (const each of all.filter(({ answer }) => /^(REPEATED|IDEMP)/.test(answer.outcome))) {
      expect({ ...each, answer: model.post(each.command, at) }).toEqual(each);
    }
    await compareHoldings(test, model, cast, lots.learn, at);
  }
  return asked.length;
}

async function postAlone(
  db: ReturnType<TestDatabase['db']>,
  commands: readonly ModelCommand[],
  at: number,
): Promise<Posted[]> {
  // Not through `transaction`, which would try a deadlock again; and a machine may be slow.
  const answers = await db.transaction(async (tx) => {
    await rows(tx, 'SET LOCAL lock_timeout = 0; SET LOCAL statement_timeout = 0');
    return post(tx, new Date(at), commands.map(fieldsOf));
  });
  return answers.map((answer, n) => ({ command: commands[n]!, answer }));
}

/** Puts commands into an order that each account's versions agree with: there must be one. */
async function inOrderOfPosting(test: TestDatabase, posted: readonly Posted[]): Promise<Posted[]> {
  const movements = await rows<{ account: string; key: string }>(
    test.owner(),
    `SELECT member_id || ' ' || currency AS account, transfer_id AS key FROM ledger.transfer
     WHERE transfer_id = ANY ($1) ORDER BY account_version`,
    [posted.map(({ command }) => command.key)],
  );
  const accounts = new Map<string, string[]>();
  for (const { account, key } of movements) {
    accounts.set(account, [...(accounts.get(account) ?? []), key]);
  }
  const ordered: Posted[] = [];
  while (ordered.length < posted.length) {
    // Next is what comes first in every account that it moves.
    const next = posted.find(
      (each) =>
        !ordered.includes(each) &&
        [...accounts.values()].every(
          (keys) => !keys.includes(each.command.key) || keys[0] === each.command.key,
        ),
    );
    if (!next) throw new Error('No order of the commands explains the versions of the accounts.');
    ordered.push(next);
    for (const [account, keys] of accounts) {
      accounts.set(
        account,
        keys.filter((key) => key !== next.command.key),
      );
    }
  }
  return ordered;
}
