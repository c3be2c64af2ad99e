import { type Logger, pino } from 'pino';
import { limits } from './limits.ts';
import { isOneOfSeveral } from './processes.ts';

/**
 * The process's structured log, on standard error: standard output belongs to what a command prints.
 * Fields are named one by one where a line is written; members' data never is.
 */
export function openLog(level: string): Logger {
  // One by one, lines would be a sixth of what a small request costs: they are written some at once, and all
  // of them before the process ends. As bytes: all that waits would be measured again with each line of text.
  const lines = pino.destination({
    dest: 2,
    sync: false,
    contentMode: 'buffer',
    minLength: limits.logTogetherBytes,
    periodicFlush: limits.logMs,
    maxLength: limits.logBytes,
  });
  return pino(
    {
      level,
      // Lines of several that write to one place are told apart by it.
      base: isOneOfSeveral ? { pid: process.pid } : null,
      timestamp: isoTime,
      serializers: { err: describeError },
    },
    // Its types know text alone.
    { write: (line) => void lines.write(Buffer.from(line) as never) },
  );
}

let [instant, written] = [0, ''];

/** The time of a line; of those of one millisecond, it is written once. */
function isoTime(): string {
  const now = Date.now();
  if (now !== instant) [instant, written] = [now, `,"time":"${new Date(now).toISOString()}"`];
  return written;
}

/**
 * An error as it may be logged. One of the database carries the statement's values, and quotes them
 * in its text: its codes and names say where to look.
 */
export function describeError(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const { driverError } = error as { driverError?: Record<string, unknown> };
  const places = error.stack?.split('\n').filter((line) => /^\s+at /.test(line));
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) };
  const what = { type: error.name, stack: places?.join('\n'), ...cause };
  if (!driverError) return { ...what, message: error.message };
  const { code, schema, table, constraint, routine } = driverError;
  const message = error.message.replaceAll(/"[^"]*"/g, '"…"');
  return { ...what, message, code, schema, table, constraint, routine };
}
