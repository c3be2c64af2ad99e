import { setTimeout } from 'node:timers/promises';
import type { DemoSystem, RunningSystem } from '../support/system.ts';
import { type Answers, openAnswers } from './kills.ts';

/** What clients work with: a member each, all of them customers of one brand. */
export interface Clients {
  system: Pick<DemoSystem, 'ask' | 'said' | 'gone'>;
  /** The brand's token. */
  partner: string;
  members: { email: string; token: string }[];
  /** A reward that costs `price` points. */
  rewardId: string;
  price: number;
}

/** One line of a client's own list: what it has asked for, and what it was answered. */
export interface Line {
  kind: 'activity' | 'redemption';
  /** By the brand's rule, a point a euro; or the price. */
  points: number;
  answer?: { id: string; points: number };
}

export interface Load extends Pick<Answers, 'answered'> {
  /** The lines by the key that the client gave: a reference, or an idempotency key. */
  list: ReadonlyMap<string, Line>;
  /** How often a call had no answer, by the code that it had instead. */
  unanswered: ReadonlyMap<string, number>;
  /** Lets each client finish its call. */
  stop(): Promise<void>;
}

/**
 * Starts clients that each post one purchase after another for their member, and redeem a reward
 * now and then. A call that is not answered is repeated with its key; every tenth is not, as if
 * the till had been switched off.
 *
 * @param run makes the keys of this load its own
 */
export function startLoad(clients: Clients, run: string): Load {
  const list = new Map<string, Line>();
  const unanswered = new Map<string, number>();
  const { answered, note } = openAnswers(clients.system.gone, clients.system.said);
  let isOver = false;

  async function work(member: Clients['members'][number], index: number): Promise<void> {
    for (let count = 1; !isOver; count++) {
      const key = `${run}-${index}-${count}`;
      const isRedemption = count % 5 === 0;
      const line: Line = isRedemption
        ? { kind: 'redemption', points: clients.price }
        : { kind: 'activity', points: 10 + ((count * 7 + index) % 200) };
      list.set(key, line);
      const send = isRedemption ? redeemer(clients, member, key) : till(clients, member, key, line);
      for (let tries = 1; !line.answer && !isOver; tries++) {
        const sentAt = performance.now();
        const answer = await send().catch(() => 'no reply');
        if (typeof answer !== 'string') {
          line.answer = answer;
          note(sentAt);
        } else {
          unanswered.set(answer, (unanswered.get(answer) ?? 0) + 1);
          if (count % 10 === 9) break;
          await setTimeout(25);
        }
      }
    }
  }
  const workers = clients.members.map(work);
  return {
    list,
    unanswered,
    answered,
    async stop() {
      isOver = true;
      await Promise.all(workers);
    },
  };
}

type Send = () => Promise<NonNullable<Line['answer']> | string>;

function till(
  { system, partner }: Clients,
  { email }: { email: string },
  reference: string,
  { points }: Line,
): Send {
  const input = {
    member: { email },
    kind: 'PURCHASE',
    reference,
    // The same at each repetition, or it would be another purchase.
    occurredAt: new Date().toISOString(),
    amount: { amount: `${points}.90`, currency: 'EUR' },
  };
  return () =>
    rowOf(
      system.ask(
        partner,
        `mutation ($input: ActivityInput!) {
          recordActivity(input: $input) { row: activity { id points } userErrors { code } } }`,
        { input },
      ),
    );
}

function redeemer(
  { system, rewardId }: Clients,
  { token }: { token: string },
  idempotencyKey: string,
): Send {
  return () =>
    rowOf(
      system.ask(
        token,
        `mutation ($input: RedeemRewardInput!) {
          redeemReward(input: $input) { row: redemption { id points } userErrors { code } } }`,
        { input: { rewardId, idempotencyKey } },
      ),
    );
}

/** The row that a mutation answers with, or the code of what came in its place. */
async function rowOf(asked: ReturnType<RunningSystem['ask']>): ReturnType<Send> {
  const { data, errors: faults } = await asked;
  if (faults) return faults[0]?.extensions?.code ?? 'no code';
  const [payload] = Object.values(data!) as unknown as {
    row: { id: string; points: number } | null;
    userErrors: { code: string }[];
  }[];
  return payload!.row ?? payload!.userErrors[0]!.code;
}
