import { randomUUID } from 'node:crypto';
import { auditLedger } from '../../ledger/index.ts';
import { Refusal } from '../../platform/errors.ts';
import { openTestDatabase, useTestDatabase } from '../support/database.ts';
import { givenLedgerPartner } from '../support/given-points.ts';
import { type Door, startDoor } from '../support/postgres-door.ts';
import { sequence } from '../support/random.ts';
import { countsOf, report } from './figures.ts';
import { type LedgerDifference, ledgerDifferences } from './ledger-detector.ts';
import { type KindName, mixed } from './ledger-kinds.ts';
import { type Line, startLedgerLoad } from './ledger-load.ts';

const cuts = Math.max(25, Number(process.env['TEST_ROUNDS'] ?? 5) / 2);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);

/** Whoever is not answered asks again: what was done then is done once, where the call has a key. */
describe(`replies cut after the commit (TEST_SEED=${seed})`, () => {
  const test = useTestDatabase();
  const random = sequence(seed);
  let door: Door;
  /** The parts' connections, all through the door. */
  let parts: Awaited<ReturnType<typeof openTestDatabase>>;

  beforeAll(async () => {
    door = await startDoor(process.env['TEST_POSTGRES_SOCKET']!);
    parts = await openTestDatabase((user) => {
      const url = new URL(test.url(user));
      url.search = `?host=127.0.0.1&port=${door.port}`;
      return url.href;
    });
  });
  afterAll(async () => {
    await parts.close();
    await door.close();
  });

  /** Runs clients while one commit of three is not told of, and compares. */
  async function cut(
    run: string,
    load: { kinds: readonly KindName[]; gathers: boolean; keepsKeys: boolean },
  ): Promise<{ list: readonly Line[]; found: LedgerDifference[] }> {
    const members = Array.from({ length: 8 }, () => randomUUID());
    let done = 0;
    let enough: () => void;
    const allDone = new Promise<void>((resolve) => (enough = resolve));
    door.cuts = () => {
      if (done === cuts || random(3) > 0) return false;
      done += 1;
      if (done === cuts) enough();
      return true;
    };
    const partnerId = await givenLedgerPartner(test);
    const { list, unanswered, gone, stop } = startLedgerLoad({
      db: (part) => parts.db(part),
      clients: 6,
      givesUp: false,
      members,
      partnerId,
      random,
      ...load,
    });
    await Promise.race([allDone, gone]);
    await stop();
    const found = await ledgerDifferences(test.owner(), list, members);
    report({
      seed,
      run,
      cuts,
      commands: list.length,
      cutOff: countsOf(list.flatMap(({ kind, heard }) => (heard ? [kind] : []))),
      refused: list.filter(({ answer }) => answer instanceof Refusal).length,
      unanswered: unanswered.length,
      found: countsOf(found.map(({ kind }) => kind)),
    });
    return { list, found };
  }

  it(`change nothing where calls are repeated with their keys: ${cuts} cuts`, async () => {
    const { list, found } = await cut('with keys', {
      kinds: mixed,
      gathers: true,
      keepsKeys: true,
    });

    expect(found).toEqual([]);
    expect(await auditLedger(test.owner())).toEqual([]);
    // The cuts fell where they should: what the ledger had said stood, and was said again.
    const cutOff = list.filter(({ heard }) => heard && !(heard instanceof Refusal));
    expect(cutOff.length).toBeGreaterThanOrEqual(cuts / 2);
    expect(
      cutOff.filter(({ answer }) => answer && !('repeated' in answer && answer.repeated)),
    ).toEqual([]);
  }, 600_000);

  it('are found, each of them, where each try has a key of its own', async () => {
    const { found } = await cut('without keys', {
      kinds: ['accrual', 'redemption', 'hold', 'capture', 'transfer'],
      gathers: false,
      keepsKeys: false,
    });

    // A hold is not captured twice; but who asks again is told that it was not.
    expect(found.filter(({ kind }) => kind === 'doubled' || kind === 'denied')).toHaveLength(cuts);
    expect(found).toHaveLength(cuts);
    // A sound ledger proves none of this.
    expect(await auditLedger(test.owner())).toEqual([]);
  }, 600_000);
});
