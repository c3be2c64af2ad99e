import { signingKeys } from '../../identity/keys.ts';
import { start } from '../../identity/server.ts';
import { SigningKey } from '../../identity/entities.ts';
import { unseal } from '../../platform/seal.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { configOn, testPlatform } from '../support/subgraph.ts';

const { sealKey } = testConfig();

describe('signing keys', () => {
  const test = useTestDatabase();
  const db = () => test.db('identity');

  beforeEach(() => db().query('DELETE FROM identity.signing_key'));

  it('are made once by processes that start together', async () => {
    const found = await Promise.all(Array.from({ length: 8 }, () => signingKeys(db(), sealKey)));

    expect(new Set(found.map((keys) => JSON.stringify(keys))).size).toBe(1);
    expect(await db().count(SigningKey)).toBe(1);
  });

  it('are the same for two starts', async () => {
    const first = await start(configOn(test), testPlatform());
    const second = await start(configOn(test), testPlatform());

    const keys = [first.keys(), second.keys()];
    await Promise.all([first.drain(), second.drain()]);

    expect(keys[0]!.keys).toHaveLength(1);
    expect(keys[1]).toEqual(keys[0]);
  });

  it('stand in the database sealed', async () => {
    const [key] = await signingKeys(db(), sealKey);

    const [row] = await db().find(SigningKey);

    expect(row!.kid).toBe(key.kid);
    expect(row!.sealedJwk).not.toContain(key.d!);
    expect(JSON.parse(await unseal(row!.sealedJwk, sealKey))).toEqual(key);
  });

  it('say so where they are sealed with another key, and make no new one', async () => {
    await signingKeys(db(), sealKey);
    const other = Buffer.alloc(32, 8).toString('base64url');

    await expect(signingKeys(db(), other)).rejects.toThrow('sealed with another SEAL_KEY');

    expect(await db().count(SigningKey)).toBe(1);
  });

  it('all stay, the newest in front', async () => {
    const [first] = await signingKeys(db(), sealKey);
    const { sealedJwk } = await db().findOneByOrFail(SigningKey, { kid: first.kid });
    await db().delete(SigningKey, { kid: first.kid });
    const [second] = await signingKeys(db(), sealKey);
    const createdAt = new Date('2026-01-01T00:00:00Z');
    await db().insert(SigningKey, { kid: first.kid, sealedJwk, createdAt });

    const keys = await signingKeys(db(), sealKey);

    expect(keys.map(({ kid }) => kid)).toEqual([second.kid, first.kid]);
  });

  it('are read by no other part', async () => {
    for (const part of ['members', 'partners', 'rewards-catalog', 'community'] as const) {
      await expect(test.db(part).query('SELECT FROM identity.signing_key')).rejects.toThrow(
        'permission denied',
      );
    }
  });
});
