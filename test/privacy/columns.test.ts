import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';
import { kept, ofNobody, tellingTables } from './columns.ts';

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
