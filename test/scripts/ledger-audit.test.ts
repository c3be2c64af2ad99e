import { execFile } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { lastSeal } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { root } from '../../platform/root.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenSealed } from '../support/given-closed.ts';
import { givenLedgerPartner, givenPoints } from '../support/given-points.ts';

describe('npm run ledger:audit', () => {
  const test = useTestDatabase();
  let memberId: string;

  beforeAll(async () => {
    memberId = await givenPoints(test, 5n, await givenLedgerPartner(test));
    await givenSealed(test);
  });

  it('prints each invariant with what it was proved of, and the last seal', async () => {
    const { number, hash } = (await lastSeal(test.owner()))!;

    const { code, output } = await audit('--head', `${number}:${hash}`);

    expect(code).toBe(0);
    expect(output).toMatch(/^ok {5}balance equals movements +1 accounts$/m);
    expect(output).toMatch(/^ok {5}kept heads are there +\d+ seals$/m);
    expect(output).toMatch(/^(\d+) of \1 invariants hold, /m);
    expect(output).toContain(`${number}:${hash}`);
  });

  it('names what is wrong, and ends with 1', async () => {
    await rows(test.owner(), 'UPDATE ledger.account SET balance = 6');

    const damaged = await audit('--of', 'accounts');
    await rows(test.owner(), 'UPDATE ledger.account SET balance = 5');
    const forged = await audit('--of', 'seals', '--head', `1:${'0'.repeat(64)}`);

    expect(damaged.code).toBe(1);
    expect(damaged.output).toContain(
      `       member ${memberId} PTS: the balance is 6, its lots have 5\n`,
    );
    expect(damaged.output).not.toContain('seals follow each other');
    expect(forged.code).toBe(1);
    expect(forged.output).toMatch(/^FAULT {2}kept heads are there/m);
  });

  it.each([
    [['--head', 'abc'], 'is not NUMBER:HASH'],
    [['--of', 'everything'], 'is nothing that is audited'],
    [['--what'], 'npm run ledger:audit'],
  ])('says what is wrong with %j', async (words, sentence) => {
    const { code, errors } = await audit(...words);

    expect(code).toBe(1);
    expect(errors).toContain(sentence);
    expect(errors).not.toContain('    at ');
  });

  /** Runs the command, as `npm run ledger:audit --` does after its build. */
  function audit(...words: string[]) {
    const env = {
      PATH: process.env['PATH']!,
      DATA_DIR: join(tmpdir(), 'coalition-test-data'),
      DATABASE_URL: test.url('postgres'),
    };
    const program = join(root, 'dist/scripts/ledger-audit.js');
    return new Promise<{ code: number; output: string; errors: string }>((resolve) => {
      const child = execFile('node', [program, ...words], { env }, (_, output, errors) =>
        resolve({ code: child.exitCode!, output, errors }),
      );
    });
  }
});
