import { type ContenderName, contenderNames } from './contenders.ts';

/** One measurement. */
export interface Measured {
  contender: ContenderName;
  query: string;
  connections: number;
  run: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** The gateway's processor time for each request, in ms. */
  cpuMs: number;
}

export interface Report {
  measured: readonly Measured[];
  peakMb: ReadonlyMap<ContenderName, number>;
}

/** A table for each query, as Markdown. */
export function reportOf({ measured, peakMb }: Report): string {
  const queries = [...new Set(measured.map(({ query }) => query))];
  const memory = [...peakMb].map(([name, mb]) => `${name} ${mb} MB`).join(', ');
  return `${queries.map((query) => tableOf(query, measured)).join('\n')}\nMost memory: ${memory}.\n`;
}

function tableOf(query: string, all: readonly Measured[]): string {
  const own = all.filter((each) => each.query === query);
  const connections = [...new Set(own.map((each) => each.connections))];
  const lines = connections.flatMap((count) => {
    const at = own.filter((each) => each.connections === count);
    return contenderNames.flatMap((name) => lineOf(name, at));
  });
  return [
    `| ${query} | connections | requests a second | ratio | CPU ms | ratio | p50 ms | p99 ms |`,
    `| ---${' | ---:'.repeat(7)} |`,
    ...lines,
    '',
  ].join('\n');
}

function lineOf(contender: ContenderName, all: readonly Measured[]): string[] {
  const of = (name: ContenderName) =>
    all.filter((each) => each.contender === name).toSorted((a, b) => a.run - b.run);
  const [rows, stock] = [of(contender), of('stock')];
  const [first] = rows;
  if (!first) return [];
  const rates = rows.map(({ perSecond }) => perSecond);
  const range = `${whole(median(rates))} (${whole(Math.min(...rates))} to ${whole(Math.max(...rates))})`;
  // Run by run: what the machine did besides was the same for both.
  const ratio = (of: (measured: Measured) => number, to = of) =>
    stock.length === rows.length
      ? median(rows.map((row, run) => of(row) / to(stock[run]!))).toFixed(1)
      : '';
  const cells = [
    contender,
    first.connections,
    range,
    ratio(({ perSecond }) => perSecond),
    median(rows.map(({ cpuMs }) => cpuMs)).toFixed(3),
    ratio(({ cpuMs }) => 1 / cpuMs),
    median(rows.map(({ p50 }) => p50)).toFixed(1),
    median(rows.map(({ p99 }) => p99)).toFixed(1),
  ];
  return [`| ${cells.join(' | ')} |`];
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
