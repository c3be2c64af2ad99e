import type { HopKey } from '../platform/config.ts';
import { type HopRequest, type Told, signHop } from '../platform/hop.ts';

/** A hop on its way out: signed by itself, or as one of several. */
export interface OutgoingHop extends HopRequest {
  /** What it tells; left out where it is signed by itself already. */
  readonly told?: Told;
}

/** Makes a hop whose signature is only made where it goes alone. */
export function outgoingHop(
  key: HopKey,
  subgraph: string,
  told: Told,
  body: string,
): Required<OutgoingHop> {
  return {
    body,
    told,
    get headers() {
      return signHop(key, subgraph, told, body);
    },
  };
}

/** Whether it plainly reads: whatever does not may write. */
export function isRead({ body }: HopRequest): boolean {
  return /^\{"query":"(query\b|\{)/.test(body);
}
