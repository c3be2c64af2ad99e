import type { Sample } from './load.ts';

/** What is measured once in each round. */
export interface Measurement {
  name: string;
  run(): Promise<Sample>;
  /** The measurement that it is told as a ratio to. */
  against: string;
  /** The ratio that is asked for, and whether it is a floor or, as for times, a ceiling. */
  goal?: { ratio: number; isCeiling?: boolean };
  /** What the ratio compares: rows a second where left out. */
  by?: 'p50';
}

/** A measurement's rounds, summed up. */
export interface Figure {
  name: string;
  perSecond: Spread;
  p50?: Spread;
  p99?: Spread;
  ratio: Spread;
  against: string;
  goal?: { ratio: number; isCeiling?: boolean };
  /** Whether the median of the ratios reaches the goal. */
  isReached?: boolean;
}

/** Median, and the range of all rounds. */
interface Spread {
  median: number;
  min: number;
  max: number;
}

/**
 * Sums up the rounds. A ratio is that of one round, whose two sides were measured moments apart: what
 * a machine does beside would otherwise count for one side and not for the other.
 */
export function figuresOf(
  measurements: Measurement[],
  rounds: ReadonlyMap<string, Sample>[],
): Figure[] {
  return measurements.map(({ name, against, goal, by }) => {
    const samples = rounds.map((round) => round.get(name)!);
    const ratio = spreadOf(
      rounds.map((round) => {
        const [ours, theirs] = [round.get(name)!, round.get(against)!];
        return by ? ours[by]! / theirs[by]! : ours.perSecond / theirs.perSecond;
      }),
    );
    const figure: Figure = {
      name,
      perSecond: spreadOf(samples.map(({ perSecond }) => perSecond)),
      ratio,
      against,
    };
    if (samples[0]!.p50 !== undefined) {
      figure.p50 = spreadOf(samples.map(({ p50 }) => p50!));
      figure.p99 = spreadOf(samples.map(({ p99 }) => p99!));
    }
    if (goal) {
      figure.goal = goal;
      figure.isReached = goal.isCeiling ? ratio.median <= goal.ratio : ratio.median >= goal.ratio;
    }
    return figure;
  });
}

function spreadOf(values: number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const median = (sorted[Math.floor(middle)]! + sorted[Math.ceil(middle)]!) / 2;
  return { median, min: sorted[0]!, max: sorted.at(-1)! };
}

/** The figures as a table in Markdown. */
export function tableOf(figures: Figure[]): string {
  const header = ['measured', 'per second', 'range', 'p50 ms', 'p99 ms', 'ratio', 'range', 'goal'];
  const lines = figures.map(({ name, perSecond, p50, p99, ratio, against, goal, isReached }) => [
    name,
    whole(perSecond.median),
    `${whole(perSecond.min)} to ${whole(perSecond.max)}`,
    p50 ? milliseconds(p50.median) : '',
    p99 ? milliseconds(p99.median) : '',
    name === against ? '1' : `${ratio.median.toFixed(2)} of ${against}`,
    name === against ? '' : `${ratio.min.toFixed(2)} to ${ratio.max.toFixed(2)}`,
    goal ? `${goal.isCeiling ? '≤' : '≥'} ${goal.ratio} ${isReached ? 'reached' : 'MISSED'}` : '',
  ]);
  const all = [header, header.map(() => '---'), ...lines];
  return all.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}

function milliseconds(value: number): string {
  return value.toFixed(value < 10 ? 2 : 0);
}
