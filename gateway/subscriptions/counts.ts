import { httpRefusal } from '../../platform/errors.ts';
import type { Limits } from '../../platform/limits.ts';
import { networkOf } from '../../platform/networks.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Leases } from './leases.ts';

/** Who holds something open. */
export interface Holder {
  viewer: Viewer;
  address: string;
}

/** What is open at once. */
export interface Counts {
  /** @returns takes it back. @throws GraphQLError RATE_LIMITED (HTTP 429 or 503) */
  enter(holder: Holder): Promise<() => void>;
}

/**
 * Counts what each principal has open, here and with the gateways that share the leases, and what all of them
 * have open here: that is for the room that a process has.
 *
 * @param name what is counted
 */
export function openCounts(
  name: 'subscriptions' | 'sockets',
  { streams, principalStreams }: Limits,
  leases: Leases | null,
): Counts {
  const open = new Map<string, number>();
  let all = 0;
  const tooMany = () => {
    const message = `At most ${principalStreams} streams are open at once: end another first.`;
    return httpRefusal(429, 'RATE_LIMITED', message);
  };
  function enterHere(key: string): () => void {
    const own = open.get(key) ?? 0;
    if (own >= principalStreams) throw tooMany();
    if (all >= streams) {
      const message = 'There is no room for another stream: try again later.';
      throw httpRefusal(503, 'RATE_LIMITED', message, { 'retry-after': '10' });
    }
    all++;
    open.set(key, own + 1);
    return () => {
      all--;
      const left = open.get(key)! - 1;
      if (left > 0) open.set(key, left);
      else open.delete(key);
    };
  }
  return {
    async enter({ viewer, address }) {
      const key = viewer.subject ? `${viewer.audience} ${viewer.subject}` : networkOf(address);
      const leaveHere = enterHere(key);
      const giveBack = leases
        ? await leases.take(`${name}:${key}`, principalStreams)
        : () => undefined;
      if (!giveBack) {
        leaveHere();
        throw tooMany();
      }
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        leaveHere();
        giveBack();
      };
    },
  };
}
