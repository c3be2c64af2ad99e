import { performance } from 'node:perf_hooks';

/** How many requests a gateway has room for. */
export interface Room {
  /** Requests at once. */
  size(): number;
  /** Tells how many are in flight, as one more is. */
  entered(inFlight: number): void;
  /** Tells how long an answer took. */
  answered(ms: number): void;
  close(): void;
}

/** From one look to the next, and of how many answers each is at the least. */
const lookMs = 100;
const answersMin = 10;
/** Of the most, what there is always room for. */
const leastShare = 2 / 25;
/** Of the most, what there is room for as long as nothing is slow: who opens a page asks many things at once. */
const firstShare = 1 / 2;
/** How many times the usual time half of the answers may take. */
const stretchMax = 1.5;
/** What nobody minds waiting for, however much longer than usual it is: a tenth of an operation's time. */
const easyMs = 300;
/** Of the room, what is used where it has to grow. */
const usedShare = 0.9;
/** How much one look counts, and how fast the room grows and shrinks where few need it. */
const newShare = 0.2;
const growth = 1.1;
/** What the event loop works of the time between two looks where it finds no rest. */
const restlessShare = 0.95;

/**
 * Finds how many requests there is room for: so many that half of them take no longer than one and a half
 * times what is usual, or three tenths of a second. More would wait, wherever it is that they do: for this
 * processor, for connections, for the database. Usual is the shortest that it has been, until few are in
 * flight, the processor rests, and it takes longer all the same: then it is not the load.
 *
 * @param most that it may find
 * @param inFlight how many there are now
 */
export function openRoom(most: number, inFlight: () => number): Room {
  const least = Math.ceil(most * leastShare);
  const first = Math.ceil(most * firstShare);
  let size = first;
  let peak = 0;
  let times: number[] = [];
  let usual: number | null = null;
  let seen = performance.eventLoopUtilization();
  const look = () => {
    if (times.length < answersMin) return;
    const now = performance.eventLoopUtilization();
    const { utilization } = performance.eventLoopUtilization(now, seen);
    const half = times.sort((a, b) => a - b)[times.length >> 1]!;
    const isEase = peak <= least && utilization < restlessShare;
    usual ??= half;
    if (half < usual || isEase) usual += (half - usual) * newShare;
    const stretch = half / usual;
    if (stretch > stretchMax && half > easyMs)
      size = Math.max(least, Math.floor((size * stretchMax) / stretch));
    else if (peak > size * usedShare) size = Math.min(most, Math.ceil(size * growth));
    // Not at once: a flood would be let in by a hundred again and again.
    else if (size < first) size = Math.min(first, Math.ceil(size * growth));
    else size = Math.max(first, Math.floor(size / growth));
    // Those who came while there was more room count as long as they are there.
    [seen, peak, times] = [now, inFlight(), []];
  };
  const timer = setInterval(look, lookMs).unref();
  return {
    size: () => size,
    entered: (count) => void (peak = Math.max(peak, count)),
    answered: (ms) => void times.push(ms),
    close: () => clearInterval(timer),
  };
}
