import { httpRefusal } from '../../platform/errors.ts';
import type { Limits } from '../../platform/limits.ts';
import { networkOf } from '../../platform/networks.ts';
import type { Viewer } from '../../platform/viewer.ts';

/** Who holds something open. */
export interface Holder {
  viewer: Viewer;
  address: string;
}

/** What is open at once, in this process. */
export interface Counts {
  /** @returns takes it back. @throws GraphQLError RATE_LIMITED (HTTP 429 or 503) */
  enter(holder: Holder): () => void;
}

/** Counts what each principal has open, and all of them. */
export function openCounts({ streams, principalStreams }: Limits): Counts {
  const open = new Map<string, number>();
  let all = 0;
  return {
    enter({ viewer, address }) {
      const key = viewer.subject ? `${viewer.audience} ${viewer.subject}` : networkOf(address);
      const own = open.get(key) ?? 0;
      if (own >= principalStreams) {
        const message = `At most ${principalStreams} streams are open at once: end another first.`;
        throw httpRefusal(429, 'RATE_LIMITED', message);
      }
      if (all >= streams) {
        const message = 'There is no room for another stream: try again later.';
        throw httpRefusal(503, 'RATE_LIMITED', message, { 'retry-after': '10' });
      }
      all++;
      open.set(key, own + 1);
      let isOpen = true;
      return () => {
        if (!isOpen) return;
        isOpen = false;
        all--;
        const left = open.get(key)! - 1;
        if (left > 0) open.set(key, left);
        else open.delete(key);
      };
    },
  };
}
