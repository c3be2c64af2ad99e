import type { Limits } from '../platform/limits.ts';
import { ChannelPool, type ChannelWay } from './channel-pool.ts';
import type { EndSignal } from './ending.ts';
import { type OutgoingHop, isRead } from './outgoing-hop.ts';
import { WaitingHop, takeBatch } from './waiting-hops.ts';
import type { WholeAnswer } from './whole-answer.ts';

type Send = (hop: OutgoingHop, signal: EndSignal) => Promise<WholeAnswer>;

/**
 * Sends hops together: those that read, of one turn of the event loop, on a few connections that all share. Until
 * these are there, and where a subgraph takes none, each goes alone, as does what may write or is long.
 */
export class SharedHops {
  readonly #limits: Limits;
  readonly #sendAlone: Send;
  readonly #channels: ChannelPool;
  #waiting: WaitingHop[] = [];
  #isFlushing = false;
  #alone = 0;

  /** @param sendAlone sends a hop on a connection that it has for itself meanwhile */
  constructor(way: ChannelWay, sendAlone: Send) {
    this.#limits = way.limits;
    this.#sendAlone = sendAlone;
    this.#channels = new ChannelPool(way, () => this.#flushSoon());
  }

  /** @throws ConnectionFailed @throws where there is no answer, or the signal comes before its end */
  send(hop: OutgoingHop, signal: EndSignal): Promise<WholeAnswer> {
    const { told, body } = hop;
    const mayShare = told && isRead(hop) && body.length <= this.#limits.hopBatchCharacters;
    if (!mayShare || !this.#channels.isOpen) return this.#goAlone(hop, signal);
    const waiting = new WaitingHop(hop, told, signal, () => this.#channels.noteLate());
    this.#waiting.push(waiting);
    this.#flushSoon();
    return waiting.answer;
  }

  close(): void {
    this.#channels.close();
  }

  async #goAlone(hop: OutgoingHop, signal: EndSignal): Promise<WholeAnswer> {
    this.#alone++;
    // Where they come one by one, connections to share would be opened for nothing.
    if (this.#alone > 1) this.#channels.openMissing();
    try {
      return await this.#sendAlone(hop, signal);
    } finally {
      this.#alone--;
    }
  }

  #flushSoon(): void {
    if (this.#isFlushing || this.#waiting.length === 0) return;
    this.#isFlushing = true;
    // When all that has arrived in this turn of the event loop has been looked at.
    setImmediate(() => this.#flush());
  }

  #flush(): void {
    this.#isFlushing = false;
    const waiting = this.#waiting.filter(({ isDropped }) => !isDropped);
    this.#channels.openMissing();
    while (waiting.length > 0) {
      const channel = this.#channels.next();
      if (!channel) break;
      channel.send(takeBatch(waiting, channel.room, this.#limits.hopBatchCharacters));
    }
    if (this.#channels.isOpen) {
      // As soon as there is room.
      this.#waiting = waiting;
      return;
    }
    this.#waiting = [];
    for (const each of waiting) each.resolve(this.#goAlone(each.hop, each.signal));
  }
}
