import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import type { HopKey, SubgraphName } from '../platform/config.ts';
import { signHop } from '../platform/hop.ts';
import { channelOpening, channelPath, channelProtocol } from '../platform/hop-batch.ts';
import type { Limits } from '../platform/limits.ts';
import { anonymous } from '../platform/viewer.ts';
import { HopChannel } from './hop-channel.ts';

/** Where connections for hops are opened, and with what. */
export interface ChannelWay {
  subgraph: SubgraphName;
  /** The path that the subgraph's own are below. */
  path: string;
  dispatcher: Dispatcher;
  key: HopKey;
  limits: Limits;
}

/** A subgraph's connections that hops share. */
export class ChannelPool {
  readonly #way: ChannelWay;
  readonly #onRoom: () => void;
  readonly #closing = new AbortController();
  #channels: HopChannel[] = [];
  #opening = 0;
  #pausedUntil = 0;

  /** @param onRoom called where hops that wait may find room, or that there is none any more */
  constructor(way: ChannelWay, onRoom: () => void) {
    this.#way = way;
    this.#onRoom = onRoom;
  }

  /** Whether there is one that takes hops, at once or when it has room. */
  get isOpen(): boolean {
    return this.#channels.some(({ isOpen }) => isOpen);
  }

  /** Opens those that are missing, in the background; for a while none, where that has failed. */
  openMissing(): void {
    this.#channels = this.#channels.filter(({ isClosed }) => !isClosed);
    if (performance.now() < this.#pausedUntil) return;
    const open = this.#channels.filter(({ isOpen }) => isOpen).length + this.#opening;
    for (let missing = this.#way.limits.hopChannels - open; missing > 0; missing--) {
      void this.#open();
    }
  }

  /** The next one that has room, by turns. */
  next(): HopChannel | undefined {
    const at = this.#channels.findIndex(({ isOpen, room }) => isOpen && room > 0);
    const [channel] = at < 0 ? [] : this.#channels.splice(at, 1);
    if (channel) this.#channels.push(channel);
    return channel;
  }

  /** A hop was late: those connections are given up that have been silent for long. */
  noteLate(): void {
    for (const channel of this.#channels) channel.noteLate();
  }

  close(): void {
    this.#closing.abort();
    for (const channel of this.#channels) channel.close(new Error('The gateway ends.'));
  }

  async #open(): Promise<void> {
    const { subgraph, path, dispatcher, key, limits } = this.#way;
    const name = randomUUID();
    this.#opening++;
    try {
      const { socket } = await dispatcher.upgrade({
        path: `${path}${channelPath}`,
        protocol: channelProtocol,
        headers: signHop(key, subgraph, { viewer: anonymous, requestId: name }, channelOpening),
        signal: AbortSignal.any([this.#closing.signal, AbortSignal.timeout(limits.subgraphCallMs)]),
      });
      const place = { subgraph, channel: name };
      const opened = { socket: socket as Socket, key, place, limits, onRoom: this.#onRoom };
      this.#channels.push(new HopChannel(opened));
    } catch {
      // A subgraph of an earlier release takes none. What is wrong otherwise is told by the hops that go alone.
      this.#pausedUntil = performance.now() + limits.hopChannelPauseMs;
    } finally {
      this.#opening--;
    }
  }
}
