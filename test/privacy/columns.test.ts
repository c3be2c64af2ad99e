import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { columnsOf, kept, ofNobody, tellingTables, untold } from './columns.ts';

describe('every table that may know something of a member', () => {
  const test = useTestDatabase();
  const tables = async () =>
    (await rows<{ name: string }>(test.owner(), tellingTables)).map(({ name }) => name);
  /** What the functions by which schemas erase, and the log's, speak of. */
  const erased = async () => {
    const sources = await rows<{ text: string }>(
      test.owner(),
      `SELECT prosrc AS text FROM pg_proc WHERE proname IN ('erase_member', 'forget_member_acts')`,
    );
    const named = sources.flatMap(({ text }) =>
      [...text.matchAll(/(?:DELETE FROM|UPDATE) ([a-z]+\.[a-z_]+)/g)].map(([, name]) => name!),
    );
    return new Set(named);
  };

  it('forgets them, or is on the list of what is kept', async () => {
    const forgetting = await erased();

    const neither = (await tables()).filter(
      (name) => !forgetting.has(name) && !(name in kept) && !ofNobody.has(name),
    );

    expect(forgetting.size).toBeGreaterThan(15);
    expect(neither).toEqual([]);
  });

  it('is there where the lists name it', async () => {
    const found = new Set(await tables());

    expect([...Object.keys(kept), ...ofNobody].filter((name) => !found.has(name))).toEqual([]);
  });

  it('is found when somebody adds one', async () => {
    await rows(test.owner(), 'CREATE TABLE community.letter (id uuid, email_key text)');

    const neither = (await tables()).filter((name) => name === 'community.letter');

    await rows(test.owner(), 'DROP TABLE community.letter');
    expect(neither).toEqual(['community.letter']);
  });
});

describe('every column of such a table', () => {
  const test = useTestDatabase();
  /** The queries by which schemas export. */
  const queries = async () => {
    const sources = await rows<{ text: string }>(
      test.owner(),
      `SELECT prosrc AS text FROM pg_proc WHERE proname = 'export_member'`,
    );
    return sources
      .flatMap(({ text }) =>
        [...text.matchAll(/\$sql\$([^$]|\$1)*\$sql\$/g)].map(([query]) => query),
      )
      .map((query) => query.replace('ledger.movement', 'ledger.transfer ledger.transfer_detached'));
  };
  const columns = async () => {
    const names = (await rows<{ name: string }>(test.owner(), tellingTables))
      .map(({ name }) => name)
      .filter((name) => !ofNobody.has(name));
    return rows<{ table: string; column: string }>(test.owner(), columnsOf, [names]);
  };
  const has = (query: string, word: string) => new RegExp(`(?<![\\w.])${word}\\b`).test(query);

  it('is told by the member’s export, or is on the list of what is not', async () => {
    const told = await queries();

    const neither = (await columns()).filter(
      ({ table, column }) =>
        !told.some((query) => has(query, table) && has(query, `(\\w+\\.)?${column}`)) &&
        ![table, `${table}.${column}`, `*.${column}`].some((name) => name in untold),
    );

    expect(told.length).toBeGreaterThan(30);
    expect(neither.map(({ table, column }) => `${table}.${column}`)).toEqual([]);
  });

  it('is there where the list names it', async () => {
    const found = (await columns()).flatMap(({ table, column }) => [
      table,
      `${table}.${column}`,
      `*.${column}`,
    ]);

    expect(Object.keys(untold).filter((name) => !found.includes(name))).toEqual([]);
  });
});
