import { ConfigError } from '../platform/config.ts';
import { Refusal } from '../platform/errors.ts';
import { CannotStart } from '../platform/postgres-home.ts';

/**
 * Runs a command to its end: what its user can mend is told in a sentence, a fault with its stack.
 *
 * @param command may give an exit code; 0 where it gives none
 */
export async function runProgram(command: () => Promise<number | void>): Promise<never> {
  try {
    process.exit((await command()) ?? 0);
  } catch (error) {
    process.stderr.write(`${explain(error)}\n`);
    process.exit(1);
  }
}

const explanations: Record<string, (error: Fault) => string> = {
  EADDRINUSE: ({ port }) => `Port ${port} is taken: set PORT to another, or stop what uses it.`,
  ECONNREFUSED: () => noDatabase,
  ENOENT: ({ syscall, message }) => (syscall === 'connect' ? noDatabase : message),
  // No such role, no such database, no such schema or table: nobody has migrated yet.
  '28000': () => notMigrated,
  '3D000': () => notMigrated,
  '3F000': () => notMigrated,
  '42P01': () => notMigrated,
};
const noDatabase =
  'The database does not answer. Start one with `npm start database`, or set DATABASE_URL.';
const notMigrated = 'The database is not made yet: run `npm run migrate`.';

interface Fault extends NodeJS.ErrnoException {
  port?: number;
  driverError?: { code?: string };
}

/** What a program's user is told of what ended it. */
export function explain(error: unknown): string {
  const fault = error as Fault;
  const isForUser = [ConfigError, CannotStart, Refusal].some((kind) => error instanceof kind);
  if (isForUser) return fault.message;
  const code = fault.driverError?.code ?? fault.code;
  return (code && explanations[code]?.(fault)) || (fault.stack ?? String(error));
}
