import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../../platform/root.ts';

interface Report {
  testResults: {
    assertionResults: { title: string; status: string; failureMessages: string[] }[];
  }[];
}

/** What jest reports of the two files, which it runs one after the other in one process: what fails comes first. */
async function reported(): Promise<Map<string, { status: string; message: string }>> {
  const { default: config } = (await import(join(root, 'jest.config.js'))) as { default: object };
  const settings = {
    ...config,
    rootDir: root,
    roots: ['<rootDir>/test/runner'],
    testMatch: ['**/(first|second).fixture.ts'],
    globalSetup: undefined,
    globalTeardown: undefined,
  };
  const folder = await mkdtemp(join(tmpdir(), 'coalition-runner-'));
  try {
    const output = join(folder, 'report.json');
    const jest = promisify(execFile)(
      'node',
      [
        '--experimental-vm-modules',
        join(root, 'node_modules/jest/bin/jest.js'),
        `--config=${JSON.stringify(settings)}`,
        `--outputFile=${output}`,
        '--json',
        '--runInBand',
      ],
      { env: { PATH: process.env['PATH'] } },
    );
    await expect(jest).rejects.toMatchObject({ code: 1 });
    const { testResults } = JSON.parse(await readFile(output, 'utf8')) as Report;
    return new Map(
      testResults
        .flatMap(({ assertionResults }) => assertionResults)
        .map(({ title, status, failureMessages }) => [
          title,
          { status, message: failureMessages.join('\n') },
        ]),
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('test files of one worker', () => {
  let tests: Awaited<ReturnType<typeof reported>>;
  beforeAll(async () => void (tests = await reported()), 120_000);

  it.each([
    ['leaves what it can', 'passed'],
    ['fails where it differs', 'failed'],
    ['fails where it takes too long', 'failed'],
    ['fails where it says less than it promised', 'failed'],
    ['fails by an error that nobody awaits', 'failed'],
    ['finds modules, globals, environment, time and packages as they were', 'passed'],
    ['has the very package that the file before it had', 'passed'],
    ['is of one realm with the packages', 'passed'],
  ])('%s: %s', (title, status) => {
    expect(tests.get(title)).toMatchObject({ status });
  });

  it('say what nobody awaited', () => {
    expect(tests.get('fails by an error that nobody awaits')!.message).toContain('not awaited');
  });

  it('show the line that failed, as it was written', () => {
    expect(tests.get('fails where it differs')!.message).toContain('first.fixture.ts:31:');
  });
});
