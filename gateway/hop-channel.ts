import type { Socket } from 'node:net';
import type { HopKey } from '../platform/config.ts';
import { type FrameReader, openFrames } from '../platform/frames.ts';
import { type BatchPlace, idOfBegun, readAnswer, writeBatch } from '../platform/hop-batch.ts';
import type { Limits } from '../platform/limits.ts';
import type { WaitingHop } from './waiting-hops.ts';
import { ConnectionFailed } from './whole-answer.ts';

interface Opened {
  socket: Socket;
  key: HopKey;
  place: Omit<BatchPlace, 'batch'>;
  limits: Limits;
  /** Called when it has an answer less to wait for, and when it is closed. */
  onRoom: () => void;
}

/** A connection to a subgraph on which hops go in batches, and their answers come in any order. */
export class HopChannel {
  readonly #opened: Opened;
  readonly #inFlight = new Map<number, WaitingHop>();
  readonly #frames: FrameReader;
  readonly #openedAt = performance.now();
  #answeredAt = this.#openedAt;
  #isLeaving = false;
  #lastId = 0;
  #batches = 0;

  constructor(opened: Opened) {
    this.#opened = opened;
    const { socket, limits } = opened;
    this.#frames = openFrames(limits.subgraphAnswerBytes, (frame) => this.#take(frame));
    socket.on('data', (chunk: Buffer) => this.#read(chunk));
    socket.on('error', (error) => this.close(error));
    socket.on('close', () => this.close(new Error('The connection was closed.')));
    // Sooner than the subgraph, which could close it while hops are on their way.
    socket.setTimeout(limits.connectionIdleMs / 2, () => this.#inFlight.size === 0 && this.leave());
  }

  /** Whether it takes hops, at once or when there is room. */
  get isOpen(): boolean {
    return !this.#isLeaving;
  }

  get isClosed(): boolean {
    return this.#opened.socket.destroyed;
  }

  /** How many hops it takes now. */
  get room(): number {
    const { limits } = this.#opened;
    return Math.floor(limits.subgraphConnections / limits.hopChannels) - this.#inFlight.size;
  }

  /** Sends hops together, under one signature. */
  send(hops: readonly WaitingHop[]): void {
    const { socket, key, place, limits } = this.#opened;
    const now = performance.now();
    if (this.#inFlight.size === 0) this.#answeredAt = now;
    const batch = hops.map((hop) => {
      const id = ++this.#lastId;
      this.#inFlight.set(id, hop);
      return { id, told: hop.told, body: hop.hop.body };
    });
    socket.write(writeBatch(key, { ...place, batch: this.#batches++ }, batch));
    // Another one is opened in its place: a subgraph's new processes get their share.
    if (now - this.#openedAt > limits.hopChannelMs) this.#isLeaving = true;
  }

  /** A hop was late: where there were no answers for long, the connection is of no use. */
  noteLate(): void {
    const silentMs = performance.now() - this.#answeredAt;
    if (this.#inFlight.size === 0 || silentMs < this.#opened.limits.subgraphCallMs * 0.9) return;
    this.close(new Error('The connection is silent.'));
  }

  /** Takes no more hops, and ends with its last answer. */
  leave(): void {
    this.#isLeaving = true;
    const { socket } = this.#opened;
    if (this.#inFlight.size === 0) socket.end(() => socket.destroy());
  }

  /** Ends at once; each hop that waits fails, as it would with a connection of its own. */
  close(error: Error): void {
    this.#isLeaving = true;
    const begun = idOfBegun(this.#frames.begun());
    const hops = [...this.#inFlight];
    this.#inFlight.clear();
    this.#opened.socket.destroy();
    for (const [id, hop] of hops) {
      if (!hop.isDropped) hop.reject(id === begun ? error : new ConnectionFailed(error));
    }
    this.#opened.onRoom();
  }

  #read(chunk: Buffer): void {
    try {
      this.#frames.read(chunk);
    } catch (error) {
      this.close(error as Error);
    }
  }

  #take(frame: Buffer): void {
    const answer = readAnswer(frame);
    if (!answer) return this.leave();
    const hop = this.#inFlight.get(answer.id);
    if (!hop) throw new Error('An answer is for no hop.');
    this.#inFlight.delete(answer.id);
    this.#answeredAt = performance.now();
    if (!hop.isDropped) hop.resolve(answer);
    if (this.#isLeaving) this.leave();
    this.#opened.onRoom();
  }
}
