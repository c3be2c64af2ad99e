/**
 * Measures what the worker does for all members: the day's round over them, and the mail that comes of it:
 * see README.md here. `npm run bench:worker -- --help` lists the options.
 */
import '../platform/production.ts';
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { pino } from 'pino';
import { type Database, rows } from '../platform/database.ts';
import { limits } from '../platform/limits.ts';
import { openMail } from '../platform/mail.ts';
import { runProgram } from '../scripts/program.ts';
import { startMailServer } from '../test/support/smtp.ts';
import { mailNotices } from '../worker/mails.ts';
import { onGround } from './ledger/ground.ts';
import { makeHistory } from './ledger/history.ts';

const usage = `npm run bench:worker -- [options]

  --members N     over whom the round goes (200000)
  --thinks MS     how long the mail server thinks about each mail (20)
  --data FOLDER   where the server's data is put: the disk that is measured (the temporary folder)
  --load          makes the members, says where they are, and keeps the server until it is told to end
  --url URL       of a database that was made like this: it is measured, and nobody is made
`;
/** How long mail is sent each way. */
const mailMs = 10_000;

/** Each has an address and a birthday, and every other one has opted in. */
const people = `
  UPDATE members.member
  SET status = 'ACTIVE', email = id || '@example.com', email_key = id || '@example.com',
      email_verified_at = now(), marketing_opt_in = substr(id::text, 1, 1) < '8',
      birthday = '1980-01-01'::date + ('x' || substr(id::text, 1, 6))::bit(24)::integer % 7300`;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      members: { type: 'string', default: '200000' },
      thinks: { type: 'string', default: '20' },
      data: { type: 'string' },
      load: { type: 'boolean', default: false },
      url: { type: 'string' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const members = Number(values.members);
  await onGround(values, 'worker', {
    async make(owner) {
      await makeHistory(owner, { entries: members * 5, members });
      await rows(owner, people);
      await rows(owner, 'VACUUM ANALYZE');
    },
    measure: (owner) => measure(owner, Number(values.thinks)),
  });
  return 0;
});

async function measure(owner: Database, thinksMs: number): Promise<void> {
  await rows(owner, 'TRUNCATE members.notice_round, members.notification');
  process.stdout.write('| measured | a second | in all |\n| --- | ---: | ---: |\n');
  await measureRounds(owner);
  await measureMail(owner, thinksMs);
  const [there] = await rows<{ members: bigint; version: string }>(
    owner,
    `SELECT (SELECT count(*) FROM members.member) AS members,
            current_setting('server_version') AS version`,
  );
  process.stdout.write(
    `\n${there!.members.toLocaleString('en')} members; PostgreSQL ${there!.version}; ` +
      `${cpus().length} cores.\n`,
  );
}

/** The round of a day in the middle of a month, and of one that tells all what they have. */
async function measureRounds(owner: Database): Promise<void> {
  const [days] = await rows<{ middle: Date; first: Date }>(
    owner,
    `SELECT (date_trunc('month', now()) + interval '14 days 12 hours') AS middle,
            (date_trunc('month', now()) + interval '1 month 12 hours') AS first`,
  );
  for (const [name, at] of [
    ['round of a usual day', days!.middle],
    ['round of the first of a month', days!.first],
  ] as const) {
    let looked = 0;
    const startedAt = performance.now();
    for (let more = 1; more > 0; looked += more) {
      const [step] = await rows<{ count: number }>(
        owner,
        'SELECT members.notice_members($1, $2) AS count',
        [limits.jobNoticesMax, at],
      );
      more = step!.count;
    }
    report(name, looked, performance.now() - startedAt);
  }
}

/** One after the other over a connection each, as a program without a pool does; then as the worker does. */
async function measureMail(owner: Database, thinksMs: number): Promise<void> {
  await rows(
    owner,
    `UPDATE members.notification SET mail_due_at = now() WHERE mail_due_at IS NOT NULL`,
  );
  const ways = [
    ['mail, one by one, each over a connection of its own', '?pool=false', 1],
    ['mail, several at once over a pool', '?rateLimit=0', limits.jobMailsMax],
    ['the same, at the rate that is set', '', limits.jobMailsMax],
  ] as const;
  for (const [name, options, atOnce] of ways) {
    const server = await startMailServer({ thinksMs });
    const mail = openMail(
      { smtpUrl: `${server.url}/${options}`, dataDir: '' },
      pino({ level: 'silent' }),
    );
    const startedAt = performance.now();
    const mayGoOn = () => performance.now() - startedAt < mailMs;
    const sent = await mailNotices(owner, mail, { atOnce, mayGoOn });
    report(name, sent, performance.now() - startedAt);
    await server.close();
  }
}

function report(name: string, count: number, ms: number): void {
  const rate = Math.round((count * 1_000) / ms).toLocaleString('en');
  process.stdout.write(`| ${name} | ${rate} | ${(ms / 1_000).toFixed(1)} s |\n`);
}
