import type { Told } from '../platform/hop.ts';
import type { EndSignal } from './ending.ts';
import type { OutgoingHop } from './outgoing-hop.ts';
import type { WholeAnswer } from './whole-answer.ts';

/** A hop that goes out with others, from when it is asked for to its answer or its end. */
export class WaitingHop {
  readonly hop: OutgoingHop;
  readonly told: Told;
  readonly signal: EndSignal;
  /** Rejected as soon as nobody waits for it. */
  readonly answer: Promise<WholeAnswer>;
  isDropped = false;
  readonly #onLate: () => void;
  #settle!: (answer: WholeAnswer | Promise<WholeAnswer>) => void;
  #fail!: (error: Error) => void;

  /** @param onLate called where it ends since its time is up */
  constructor(hop: OutgoingHop, told: Told, signal: EndSignal, onLate: () => void) {
    this.hop = hop;
    this.told = told;
    this.signal = signal;
    this.#onLate = onLate;
    this.answer = new Promise((resolve, reject) => {
      this.#settle = resolve;
      this.#fail = reject;
    });
    if (signal.aborted) this.#drop();
    else signal.addEventListener('abort', this.#drop);
  }

  resolve(answer: WholeAnswer | Promise<WholeAnswer>): void {
    this.signal.removeEventListener('abort', this.#drop);
    this.#settle(answer);
  }

  reject(error: Error): void {
    this.signal.removeEventListener('abort', this.#drop);
    this.#fail(error);
  }

  readonly #drop = (): void => {
    this.isDropped = true;
    const reason = this.signal.reason as Error | undefined;
    this.#fail(reason ?? new Error('Nobody waits for it.'));
    if (reason?.name === 'TimeoutError') this.#onLate();
  };
}

/** Takes off the first ones: as many as there is room for, and that ask no more than so much in all. */
export function takeBatch(
  waiting: WaitingHop[],
  room: number,
  mostCharacters: number,
): WaitingHop[] {
  let count = 0;
  let characters = 0;
  while (count < Math.min(room, waiting.length)) {
    characters += waiting[count]!.hop.body.length;
    if (count > 0 && characters > mostCharacters) break;
    count++;
  }
  return waiting.splice(0, count);
}
