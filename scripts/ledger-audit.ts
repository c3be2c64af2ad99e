/**
 * Proves the ledger of the system that DATABASE_URL names, or of the embedded one that runs:
 * `npm run ledger:audit -- [--head NUMBER:HASH]... [--of seals] [--faults 20]`. See docs/audit.md.
 */
import '../platform/production.ts';
import { parseArgs } from 'node:util';
import { type AuditedInvariant, auditInvariants, isAudited, lastSeal } from '../ledger/index.ts';
import { ConfigError, readConfig } from '../platform/config.ts';
import { openDatabase } from '../platform/connection.ts';
import type { Database } from '../platform/database.ts';
import { runProgram } from './program.ts';

const usage = 'npm run ledger:audit -- [--head NUMBER:HASH]... [--of seals]... [--faults 20]';

type AuditOptions = NonNullable<Parameters<typeof auditInvariants>[1]>;

await runProgram(async () => {
  const options = readOptions(process.argv.slice(2));
  const { databaseUrl, limits } = readConfig(process.env);
  // The owner's: who proves everything reads everything.
  const source = await openDatabase(databaseUrl, [], { ...limits, poolConnections: 1 }, 'audit');
  try {
    return await audit(source.manager, options);
  } finally {
    await source.destroy();
  }
});

/** Prints each invariant as it is proved. @returns 1 where one is broken */
async function audit(db: Database, options: AuditOptions): Promise<number> {
  const started = performance.now();
  const broken: string[] = [];
  let proved = 0;
  for await (const audited of auditInvariants(db, options)) {
    proved++;
    if (audited.faults > 0n) broken.push(audited.invariant);
    process.stdout.write(linesOf(audited));
  }
  const seal = await lastSeal(db);
  const seconds = ((performance.now() - started) / 1_000).toFixed(1);
  process.stdout.write(
    `${proved - broken.length} of ${proved} invariants hold, ${seconds} s\n` +
      (seal
        ? `The last seal, of ${seal.sealedAt.toISOString()}: ${seal.number}:${seal.hash}\n`
        : ''),
  );
  return broken.length > 0 ? 1 : 0;
}

function linesOf({ invariant, of, count, faults, first }: AuditedInvariant): string {
  const counted = `${invariant.padEnd(44)}${count.toLocaleString('en')} ${of}`;
  if (faults === 0n) return `ok     ${counted}\n`;
  const each = first.map(({ memberId, currency, id, detail }) => {
    const where = [memberId && `member ${memberId}`, currency, id].filter(Boolean).join(' ');
    return `       ${where}: ${detail}\n`;
  });
  const more = faults - BigInt(first.length);
  const rest = more > 0n ? `       and ${more.toLocaleString('en')} more\n` : '';
  return `FAULT  ${counted}, ${faults.toLocaleString('en')} faults\n${each.join('')}${rest}`;
}

function readOptions(args: string[]): AuditOptions {
  const { head = [], of = [], faults = '20' } = readWords(args);
  const heads = head.map((text) => {
    const [, number, hash] = /^(\d{1,18}):([0-9a-f]{64})$/i.exec(text) ?? [];
    if (!number || !hash) throw new ConfigError(`--head ${text} is not NUMBER:HASH.`);
    return { number: BigInt(number), hash };
  });
  const subjects = of.map((name) => {
    if (!isAudited(name)) throw new ConfigError(`--of ${name} is nothing that is audited.`);
    return name;
  });
  if (!/^\d{1,4}$/.test(faults)) throw new ConfigError('--faults is a number of 0 to 9,999.');
  return { heads, faultsMax: Number(faults), ...(subjects.length > 0 && { of: subjects }) };
}

function readWords(args: string[]) {
  try {
    return parseArgs({
      args,
      options: {
        head: { type: 'string', multiple: true },
        of: { type: 'string', multiple: true },
        faults: { type: 'string' },
      },
    }).values;
  } catch (cause) {
    throw new ConfigError(`${(cause as Error).message}\n${usage}`, { cause });
  }
}
