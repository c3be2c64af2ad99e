import { Presets, SingleBar } from 'cli-progress';
import type { ImportTally } from '../subgraphs/partners/imports/imports.ts';

/** Tells how far an import is, on standard error. */
export interface Progress {
  update(bytesRead: number, tally: Readonly<ImportTally>): void;
  stop(): void;
}

const pauseMs = 5_000;

/** A bar on a terminal, and a line now and then elsewhere. */
export function showProgress(bytes: number): Progress {
  const started = performance.now();
  const rowsPerSecond = (rows: number) =>
    Math.round(rows / Math.max(0.001, (performance.now() - started) / 1_000));
  return process.stderr.isTTY ? bar(bytes, rowsPerSecond) : lines(bytes, rowsPerSecond);
}

type Rate = (rows: number) => number;

function bar(bytes: number, rowsPerSecond: Rate): Progress {
  const format = '{bar} {percentage} % | {rows} rows | {rate} rows/s | {eta_formatted} left';
  const shown = new SingleBar({ format, etaBuffer: 50 }, Presets.shades_classic);
  shown.start(bytes, 0, { rows: 0, rate: 0 });
  return {
    update: (bytesRead, { rows }) => shown.update(bytesRead, { rows, rate: rowsPerSecond(rows) }),
    stop: () => shown.stop(),
  };
}

function lines(bytes: number, rowsPerSecond: Rate): Progress {
  let last = performance.now();
  return {
    update(bytesRead, { rows }) {
      if (performance.now() - last < pauseMs) return;
      last = performance.now();
      const percent = Math.floor((100 * bytesRead) / Math.max(1, bytes));
      process.stderr.write(`${percent} %, ${rows} rows, ${rowsPerSecond(rows)} rows/s\n`);
    },
    stop: () => undefined,
  };
}
