import { spawnSync } from 'node:child_process';
import { rows } from '../../platform/database.ts';
import { describeError } from '../../platform/log.ts';
import { useTestDatabase } from '../support/database.ts';

const built = new URL('../../dist/platform/log.js', import.meta.url).href;

describe('a logged error', () => {
  const test = useTestDatabase();

  it.each([
    ['a value that is no uuid', 'SELECT $1::uuid', ['ada@example.com'], '22P02'],
    [
      'a row that a constraint refuses',
      `INSERT INTO ledger.currency (code, name, kind) VALUES ($1, $1, 'SPENDABLE'), ($1, $1, 'SPENDABLE')`,
      ['ada@example.com'],
      '23505',
    ],
  ])('of the database holds no values: %s', async (_, sql, values, code) => {
    const error: unknown = await rows(test.owner(), sql, values).catch((fault: unknown) => fault);

    const logged = describeError(error);

    expect(JSON.stringify(error)).toContain('ada@example.com');
    expect(JSON.stringify(logged)).not.toContain('ada');
    expect(logged).toMatchObject({ type: 'QueryFailedError', code });
  });

  it('tells what went wrong, where, and why', () => {
    const error = new Error('outer', { cause: new TypeError('inner') });

    expect(describeError(error)).toMatchObject({
      type: 'Error',
      message: 'outer',
      stack: expect.stringContaining('log.test.ts') as unknown,
      cause: { type: 'TypeError', message: 'inner' },
    });
  });
});

describe('the log', () => {
  it.each(['', 'process.exit(0);', 'throw new Error();'])(
    'has all of its lines where the process ends at once: %s',
    (end) => {
      const program = `import { openLog } from '${built}';
        const log = openLog('info');
        for (let line = 0; line < 2_000; line++) log.info({ line }, 'written');
        ${end}`;

      const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);

      const lines = stderr.toString().match(/"line":\d+/g);
      expect(lines).toEqual(Array.from({ length: 2_000 }, (_, line) => `"line":${line}`));
    },
  );

  it('has the time of each line', () => {
    const program = `import { openLog } from '${built}';
      const log = openLog('info');
      const before = Date.now();
      for (const end = before + 20; Date.now() < end;) log.info({ at: Date.now() }, 'written');`;

    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '--eval', program]);

    const lines = stderr.toString().trim().split('\n');
    const late = lines.map((line) => {
      const { at, time } = JSON.parse(line) as { at: number; time: string };
      expect(new Date(time).toISOString()).toBe(time);
      return Date.parse(time) - at;
    });
    expect(lines.length).toBeGreaterThan(20);
    // A millisecond may end between the two.
    expect(new Set(late.filter((ms) => ms < 0 || ms > 5))).toEqual(new Set());
  });
});
