import { isDeepStrictEqual } from 'node:util';
import { ask, requestOf } from '../gateway/load.ts';
import type { Contender } from './contenders.ts';
import { questions } from './questions.ts';

/** A request that a stack was asked, and how long its answer is. */
export interface Checked {
  port: number;
  request: Buffer;
  bytes: number;
}

/**
 * Asks every stack each question twice: when it is new to it, and when it is not.
 *
 * @returns by stack and question
 * @throws Error an answer has errors, or is another than the first stack's
 */
export async function checkAnswers(
  contenders: readonly Contender[],
  asked: readonly string[],
): Promise<ReadonlyMap<string, Checked>> {
  const checked = new Map<string, Checked>();
  for (const question of asked) {
    const { query, variables, asker } = questions[question]!;
    let first: unknown;
    for (const { name, port, headersOf } of contenders) {
      const request = requestOf({ query, variables }, asker ? await headersOf(asker) : {});
      await ask(port, request);
      const { head, body } = await ask(port, request);
      const answer = JSON.parse(body.toString()) as { errors?: unknown };
      first ??= answer;
      if (answer.errors || !isDeepStrictEqual(answer, first)) {
        throw new Error(`${name}, ${question}: ${head}\n${body.toString().slice(0, 2_000)}`);
      }
      checked.set(`${name} ${question}`, { port, request, bytes: body.length });
    }
  }
  return checked;
}
