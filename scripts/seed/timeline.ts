import type { SetClock } from '../../platform/clock.ts';
import type { Moment } from '../demo/calendar.ts';

/** Few, so that a slow machine still answers each in time. */
const sideBySide = 4;

/** What happens when: whatever order it is put down in, it is run as time goes. */
export class Timeline {
  private readonly timeOf: (moment: Moment) => number;
  private readonly events = new Map<number, (() => Promise<unknown>)[]>();

  constructor(calendar: (moment: Moment) => Date) {
    this.timeOf = (moment) => calendar(moment).getTime();
  }

  put(moment: Moment, event: () => Promise<unknown>): void {
    const time = this.timeOf(moment);
    const together = this.events.get(time);
    if (together) together.push(event);
    else this.events.set(time, [event]);
  }

  /** Runs them. The clock stands still for what happens at one time, some of it side by side. */
  async run(clock: SetClock): Promise<void> {
    for (const [time, events] of [...this.events].sort(([a], [b]) => a - b)) {
      clock.at = new Date(time);
      const left = events.values();
      const workers = Array.from({ length: sideBySide }, async () => {
        for (const event of left) await event();
      });
      await Promise.all(workers);
    }
  }
}
