/**
 * The list of who is erased, for the day on which a backup comes back that still knows them:
 * `npm run -s erasures -- list > erasures.txt`, and then `npm run erasures -- repeat erasures.txt`.
 * See docs/privacy.md.
 */
import '../platform/production.ts';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigError, readConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/connection.ts';
import { type Database, rows } from '../platform/database.ts';
import { runProgram } from './program.ts';

const usage = 'npm run erasures -- list | repeat FILE';

/** A line of the list: a member's id, and since when they are to be forgotten. */
const line = z.tuple([z.uuid(), z.iso.datetime()]);

await runProgram(async () => {
  const [command, file, ...more] = process.argv.slice(2);
  const isList = command === 'list' && file === undefined;
  if (!isList && (command !== 'repeat' || file === undefined || more.length > 0)) {
    throw new ConfigError(usage);
  }
  const { databaseUrl, limits } = readConfig(process.env);
  const source = await openDatabase(databaseUrl, [], { ...limits, poolConnections: 1 }, 'erasures');
  try {
    await (isList ? list(source.manager) : repeat(source.manager, await readList(file!)));
  } finally {
    await source.destroy();
  }
});

async function list(db: Database): Promise<void> {
  const all = await rows<{ memberId: string; requestedAt: Date }>(
    db,
    `SELECT member_id AS "memberId", requested_at AS "requestedAt"
     FROM members.erasure ORDER BY requested_at, member_id`,
  );
  for (const { memberId, requestedAt } of all) {
    process.stdout.write(`${memberId} ${requestedAt.toISOString()}\n`);
  }
}

/** @throws ConfigError with the line that is none */
async function readList(file: string): Promise<[string, string][]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  return lines.map((text, index) => {
    const read = line.safeParse(text.split(' '));
    if (read.success) return read.data;
    throw new ConfigError(`${file}, line ${index + 1} is no line of the list.`);
  });
}

/** Begins to erase whom the database knows and has not begun with; the worker does the rest. */
async function repeat(db: Database, listed: [string, string][]): Promise<void> {
  const outcomes = { begun: 0, 'there already': 0, unknown: 0 };
  for (const [memberId, requestedAt] of listed) {
    const [known] = await rows(db, 'SELECT FROM members.erasure WHERE member_id = $1', [memberId]);
    const [opened] = await rows<{ id: string | null }>(
      db,
      'SELECT members.open_erasure($1, $2) AS id',
      [memberId, requestedAt],
    );
    outcomes[known ? 'there already' : opened!.id ? 'begun' : 'unknown']++;
  }
  const counts = Object.entries(outcomes).map(([outcome, count]) => `${count} ${outcome}`);
  process.stdout.write(`${counts.join(', ')}. The worker erases those that are begun.\n`);
}
