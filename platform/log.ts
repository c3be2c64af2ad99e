import { type Logger, pino } from 'pino';

/**
 * The process's structured log, on standard error: standard output belongs to what a command prints.
 * Fields are named one by one where a line is written; members' data never is.
 */
export function openLog(level: string): Logger {
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination(2));
}
