import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import { addDays, dayOf } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { note, parseInput } from '../../../platform/input.ts';
import { type Viewer, requireNoSandbox } from '../../../platform/viewer.ts';
import { readProgram } from '../program.ts';
import { credit } from './credits.ts';
import { SettlementDispute, type SettlementStatement } from './entities.ts';
import { lockStatement } from './locking.ts';
import { tellOfDecision } from './news.ts';

/** How long a statement may be disputed, from the day on which it was issued. */
const disputeDays = 30;
const linesMax = 100;
/** The line of a dispute of all lines. */
const whole = 0;

const disputed = z.object({
  lineIds: z
    .array(z.string())
    .min(1, 'names no line')
    .max(linesMax, `must hold ${linesMax} or less`)
    .nullish(),
  reason: note,
});

interface Acting {
  viewer: Viewer;
  clock: Clock;
}

export type DisputeStatement = { id: string } & z.input<typeof disputed>;

/**
 * Disputes lines of a statement, or all of it: they are left out of what is due until it is decided.
 * What is in dispute already stays so, with its first reason.
 *
 * @throws Refusal INVALID; NOT_FOUND the statement or a line; NOT_ALLOWED to a test client, or it is paid;
 *   EXPIRED after 30 days; CONFLICT a line was decided
 */
export async function disputeStatement(
  db: Database,
  { id: given, ...input }: DisputeStatement,
  { viewer, clock }: Acting,
): Promise<SettlementStatement[]> {
  const { lineIds, reason } = parseInput(disputed, input);
  requireNoSandbox(viewer);
  return transaction(db, async (tx) => {
    const statement = await lockStatement(tx, given, viewer);
    const lines = await linesNamed(tx, statement, lineIds);
    const at = await clock.now(tx);
    const standing = await disputesOf(tx, statement);
    const fresh = lines.filter((line) => !isDisputed(standing, line));
    if (fresh.length === 0) return [statement];

    await requireDisputable(tx, statement, at);
    const decided = standing.find(({ line, resolvedAt }) => resolvedAt && fresh.includes(line));
    const isCovered = standing.some(({ line, resolvedAt }) => line === whole && resolvedAt);
    if (decided || isCovered) {
      const subject = decided && decided.line !== whole ? lineIdIn(statement, decided.line) : given;
      throw new Refusal('CONFLICT', 'This was decided.', ['lineIds'], { subject });
    }
    await tx.insert(
      SettlementDispute,
      fresh.map((line) => ({ statementId: statement.id, line, reason, openedAt: at })),
    );
    await setStatus(tx, statement, 'DISPUTED');
    await recordAct(tx, viewer, {
      action: 'disputeStatement',
      subject: { type: 'SettlementStatement', id: statement.id },
      reason,
      after: { lines: fresh.join(', ') },
      at,
    });
    return [statement];
  });
}

async function requireDisputable(
  tx: Database,
  { status, issuedAt }: SettlementStatement,
  at: Date,
): Promise<void> {
  if (status === 'PAID') throw new Refusal('NOT_ALLOWED', 'It is paid.', ['id']);
  const { timeZone } = await readProgram(tx);
  const lastDay = addDays(dayOf(issuedAt!, timeZone), disputeDays);
  if (dayOf(at, timeZone) <= lastDay) return;
  throw new Refusal('EXPIRED', `It could be disputed until ${lastDay}.`, ['id']);
}

const decision = disputed.extend({ uphold: z.boolean() });

export type ResolveDispute = { id: string } & z.input<typeof decision>;

/**
 * Decides what is in dispute of a statement: some lines, or all of them. They are due again, since a
 * closed statement stays as it is; what is upheld, the partner's next statement credits. The same
 * decision again: nothing.
 *
 * @throws Refusal INVALID; NOT_FOUND the statement or a line; CONFLICT something is not in dispute, or was
 *   decided otherwise
 */
export async function resolveDispute(
  db: Database,
  { id: given, ...input }: ResolveDispute,
  { viewer, clock }: Acting,
): Promise<SettlementStatement[]> {
  const { lineIds, uphold, reason } = parseInput(decision, input);
  return transaction(db, async (tx) => {
    const statement = await lockStatement(tx, given, viewer);
    const lines = await linesNamed(tx, statement, lineIds);
    const at = await clock.now(tx);
    const standing = await disputesOf(tx, statement);
    const all = lines[0] === whole;
    const open = all ? openIn(standing) : lines.filter((line) => isDisputed(standing, line));
    const rest = all ? [] : lines.filter((line) => !open.includes(line));
    const asked = all && open.length === 0 ? standing.map(({ line }) => line) : rest;
    for (const line of asked) requireSame(standing, line, uphold, statement);
    if (all && standing.length === 0) throw notDisputed();
    if (open.length === 0) return [statement];

    if (uphold) await credit(tx, { statement, lines: open, at });
    await decide(tx, { statement, lines: open, uphold, reason, at });
    if (openIn(await disputesOf(tx, statement)).length === 0) {
      await setStatus(tx, statement, 'ISSUED');
    }
    await tellOfDecision(tx, statement, { upheld: uphold, at });
    await recordAct(tx, viewer, {
      action: 'resolveDispute',
      subject: { type: 'SettlementStatement', id: statement.id },
      reason,
      after: { lines: open.join(', '), upheld: uphold },
      at,
    });
    return [statement];
  });
}

/** Writes a decision down: of a line that was disputed with all others, as a dispute of its own. */
async function decide(
  tx: Database,
  {
    statement,
    lines,
    uphold,
    reason,
    at,
  }: {
    statement: SettlementStatement;
    lines: readonly number[];
    uphold: boolean;
    reason: string;
    at: Date;
  },
): Promise<void> {
  await rows(
    tx,
    `INSERT INTO partners.settlement_dispute AS d
       (statement_id, line, reason, opened_at, resolved_at, upheld, resolution)
     SELECT DISTINCT ON (decided.line) $1::uuid, decided.line, known.reason, known.opened_at, $3::timestamptz, $4::boolean, $5
     FROM unnest($2::integer[]) AS decided (line)
     JOIN partners.settlement_dispute known
       ON known.statement_id = $1 AND known.line IN (decided.line, 0)
     ORDER BY decided.line, known.line DESC
     ON CONFLICT (statement_id, line) DO UPDATE
     SET resolved_at = excluded.resolved_at, upheld = excluded.upheld, resolution = excluded.resolution`,
    [statement.id, lines, at, uphold, reason],
  );
}

/** The lines whose disputes are open; 0 for all that have none of their own. */
function openIn(standing: readonly SettlementDispute[]): number[] {
  return standing.filter(({ resolvedAt }) => !resolvedAt).map(({ line }) => line);
}

/** Whether a line is in dispute: by itself, or with all others. */
function isDisputed(standing: readonly SettlementDispute[], line: number): boolean {
  const open = openIn(standing);
  return (
    open.includes(line) || (open.includes(whole) && !standing.some((each) => each.line === line))
  );
}

function requireSame(
  standing: readonly SettlementDispute[],
  line: number,
  uphold: boolean,
  statement: SettlementStatement,
): void {
  const decided =
    standing.find((each) => each.line === line) ?? standing.find((each) => each.line === whole);
  if (!decided) throw notDisputed();
  if (decided.upheld === uphold) return;
  throw new Refusal('CONFLICT', 'This was decided otherwise.', ['lineIds'], {
    subject: line === whole ? statement.id : lineIdIn(statement, line),
  });
}

function notDisputed(): Refusal {
  return new Refusal('CONFLICT', 'This is not in dispute.', ['lineIds']);
}

function lineIdIn({ id }: SettlementStatement, line: number): string {
  return `${id}:${line}`;
}

/** The numbers of these lines; 0 alone where all are meant. */
async function linesNamed(
  tx: Database,
  { id: statementId }: SettlementStatement,
  lineIds: readonly string[] | null | undefined,
): Promise<number[]> {
  if (!lineIds) return [whole];
  const numbers = lineIds.map((lineId) => {
    const [, own, number] = /^(.{36}):(\d{1,9})$/.exec(lineId) ?? [];
    return own === statementId ? Number(number) : whole;
  });
  const there = await rows<{ number: number }>(
    tx,
    'SELECT number FROM partners.settlement_line WHERE statement_id = $1 AND number = ANY ($2)',
    [statementId, numbers],
  );
  const missing = numbers.findIndex((number) => !there.some((line) => line.number === number));
  if (missing === -1) return [...new Set(numbers)];
  throw new Refusal('NOT_FOUND', 'The statement has no such line.', ['lineIds', String(missing)]);
}

function disputesOf(tx: Database, { id: statementId }: SettlementStatement) {
  return tx.find(SettlementDispute, { where: { statementId }, order: { line: 'ASC' } });
}

async function setStatus(
  tx: Database,
  statement: SettlementStatement,
  status: SettlementStatement['status'],
): Promise<void> {
  await tx.query('UPDATE partners.settlement_statement SET status = $2 WHERE id = $1', [
    statement.id,
    status,
  ]);
  statement.status = status;
}
