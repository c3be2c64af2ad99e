import { type ContenderName, type Side, contenderNames, sides } from './contenders.ts';
import type { Statements } from './database.ts';

/** One measurement. */
export interface Measured {
  contender: ContenderName;
  question: string;
  connections: number;
  run: number;
  perSecond: number;
  p50: number;
  p99: number;
  /** Processor time of a request, in ms. */
  cpuMs: Record<Side | 'database', number>;
}

/** What the server counted for a question, by stack. */
export type Counted = ReadonlyMap<string, Statements>;

/** Tables as Markdown: of each question its speed, and of each what it costs whom. */
export function reportOf(measured: readonly Measured[], counted: Counted): string {
  const questions = [...new Set(measured.map(({ question }) => question))];
  return questions
    .map((question) => {
      const own = measured.filter((each) => each.question === question);
      return `${speedOf(question, own)}\n${costOf(question, own, counted)}`;
    })
    .join('\n');
}

function speedOf(question: string, all: readonly Measured[]): string {
  const connections = [...new Set(all.map((each) => each.connections))];
  const lines = connections.flatMap((count) => {
    const at = all.filter((each) => each.connections === count);
    return contenderNames.flatMap((name) => {
      const [rows, stock] = [runsOf(at, name), runsOf(at, 'stock')];
      if (rows.length === 0) return [];
      const rates = rows.map(({ perSecond }) => perSecond);
      const range = `${whole(median(rates))} (${whole(Math.min(...rates))} to ${whole(Math.max(...rates))})`;
      const cells = [
        name,
        count,
        range,
        ratio(rows, stock, ({ perSecond }) => perSecond),
        median(rows.map(({ p50 }) => p50)).toFixed(1),
        median(rows.map(({ p99 }) => p99)).toFixed(1),
      ];
      return [`| ${cells.join(' | ')} |`];
    });
  });
  const head = [question, 'connections', 'requests a second', 'ratio', 'p50 ms', 'p99 ms'];
  return table(head, lines);
}

/** Of all runs of a question: with how many connections it is asked changes the work but little. */
function costOf(question: string, all: readonly Measured[], counted: Counted): string {
  const lines = contenderNames.flatMap((name) => {
    const [rows, stock] = [runsOf(all, name), runsOf(all, 'stock')];
    const statements = counted.get(`${name} ${question}`);
    if (rows.length === 0 || !statements) return [];
    const of = (side: Side | 'database') => median(rows.map(({ cpuMs }) => cpuMs[side])).toFixed(2);
    const cells = [
      name,
      ...[...sides, 'database' as const].map(of),
      median(rows.map(totalMs)).toFixed(2),
      ratio(rows, stock, (row) => 1 / totalMs(row)),
      statements.calls.toFixed(0),
      statements.ofTransactions.toFixed(0),
      statements.planMs.toFixed(2),
      statements.executeMs.toFixed(2),
    ];
    return [`| ${cells.join(' | ')} |`];
  });
  const computing = [...sides, 'database', 'all'].map((side) => `${side} ms`);
  const asked = ['statements', 'of transactions', 'planned, ms', 'executed, ms'];
  return table([`${question}, CPU`, ...computing, 'ratio', ...asked], lines);
}

/** The statements that take the server longest. */
export function dearestOf(question: string, { dearest }: Statements): string {
  const lines = dearest.map(({ query, calls, planMs, executeMs }) => {
    const text = query.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|').slice(0, 90);
    return `| ${text} | ${calls.toFixed(1)} | ${planMs.toFixed(3)} | ${executeMs.toFixed(3)} |`;
  });
  return table([question, 'calls', 'planned, ms', 'executed, ms'], lines);
}

export function table(head: readonly string[], lines: readonly string[]): string {
  return [
    `| ${head.join(' | ')} |`,
    `| ---${' | ---:'.repeat(head.length - 1)} |`,
    ...lines,
    '',
  ].join('\n');
}

function runsOf(all: readonly Measured[], name: ContenderName): Measured[] {
  return all
    .filter(({ contender }) => contender === name)
    .toSorted((a, b) => a.connections - b.connections || a.run - b.run);
}

/** Run by run: what the machine did besides was much the same for both. */
function ratio(
  rows: readonly Measured[],
  stock: readonly Measured[],
  of: (measured: Measured) => number,
): string {
  if (rows.length !== stock.length) return '';
  return median(rows.map((row, place) => of(row) / of(stock[place]!))).toFixed(1);
}

function totalMs({ cpuMs }: Measured): number {
  return cpuMs.gateway + cpuMs.subgraphs + cpuMs.database;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1]!;
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en');
}
