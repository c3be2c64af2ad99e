import { randomUUID } from 'node:crypto';
import { RecordAdapter } from '../../identity/adapter.ts';
import { OidcRecord } from '../../identity/entities.ts';
import { rows } from '../../platform/database.ts';
import { useTestDatabase } from '../support/database.ts';

describe('the provider’s store', () => {
  const test = useTestDatabase();
  const db = () => test.db('identity');
  const codes = () => new RecordAdapter(db(), 'AuthorizationCode');
  const sessions = () => new RecordAdapter(db(), 'Session');

  beforeEach(() => db().query('DELETE FROM identity.oidc_record'));

  it('gives back what was put in, by each of its names', async () => {
    await sessions().upsert('s1', { uid: 'u1', accountId: 'ada' }, 60);
    await codes().upsert('c1', { userCode: 'ABCD', grantId: 'g1' }, 60);

    expect(await sessions().find('s1')).toEqual({ uid: 'u1', accountId: 'ada' });
    expect(await sessions().findByUid('u1')).toEqual({ uid: 'u1', accountId: 'ada' });
    expect(await codes().findByUserCode('ABCD')).toEqual({ userCode: 'ABCD', grantId: 'g1' });
  });

  it('keeps the models apart', async () => {
    await sessions().upsert('same', { uid: 'u1' }, 60);

    expect(await codes().find('same')).toBeUndefined();
    expect(await codes().findByUid('u1')).toBeUndefined();
  });

  it('puts a record in the place of the one before', async () => {
    await sessions().upsert('s1', { uid: 'u1' }, 60);
    await sessions().upsert('s1', { uid: 'u2' }, 60);

    expect(await sessions().find('s1')).toEqual({ uid: 'u2' });
    expect(await sessions().findByUid('u1')).toBeUndefined();
  });

  it('keeps in mind that a record was used, also when it is written again', async () => {
    await codes().upsert('c1', { grantId: 'g1' }, 60);
    await codes().consume('c1');
    await codes().upsert('c1', { grantId: 'g1' }, 60);

    expect(await codes().find('c1')).toEqual({
      grantId: 'g1',
      consumed: expect.any(Number) as unknown,
    });
  });

  it('forgets one record, and all of one model and grant', async () => {
    await codes().upsert('c1', { grantId: 'g1' }, 60);
    await codes().upsert('c2', { grantId: 'g1' }, 60);
    await codes().upsert('c3', { grantId: 'g2' }, 60);
    await codes().upsert('c4', { grantId: 'g2' }, 60);

    await codes().revokeByGrantId('g1');
    await codes().destroy('c3');

    expect(await ids()).toEqual(['c4']);
  });

  it('never gives back what has expired', async () => {
    await sessions().upsert('s1', { uid: 'u1' }, 60);
    await expire(`id = 's1'`);

    expect(await sessions().find('s1')).toBeUndefined();
    expect(await sessions().findByUid('u1')).toBeUndefined();
  });

  it('tells whom each record is about, so that an erasure finds them by an index', async () => {
    const [ada, bob] = [randomUUID(), randomUUID()];
    const interactions = new RecordAdapter(db(), 'Interaction');
    await sessions().upsert('s1', { uid: 'u1', accountId: ada }, 60);
    await codes().upsert('c1', { accountId: ada, grantId: 'g1' }, 60);
    await interactions.upsert('i1', { session: { accountId: ada, uid: 'u1', cookie: 's1' } }, 60);
    await interactions.upsert('i2', { result: { login: { accountId: ada } } }, 60);
    await sessions().upsert('s2', { uid: 'u2' }, 60);
    await sessions().upsert('s2', { uid: 'u2', accountId: bob }, 60);
    await sessions().upsert('s3', { uid: 'u3' }, 60);

    const erase = 'SELECT identity.erase_member($1) AS erased';
    expect(await rows(test.owner(), erase, [ada])).toEqual([{ erased: 4 }]);
    expect(await ids()).toEqual(['s2', 's3']);
    expect(await rows(test.owner(), erase, [bob])).toEqual([{ erased: 1 }]);
    expect(await ids()).toEqual(['s3']);
    const plan = await test.owner().transaction(async (tx) => {
      // A table of a few rows is read whole where that is allowed.
      await rows(tx, 'SET LOCAL enable_seqscan = off');
      return rows(tx, `EXPLAIN DELETE FROM identity.oidc_record WHERE account_id = '${ada}'`);
    });
    expect(JSON.stringify(plan)).toContain('oidc_record_account_id_ix');
  });

  it('takes writes of the same record at the same time', async () => {
    await Promise.all(
      Array.from({ length: 20 }, (_, n) => sessions().upsert('s1', { uid: `u${n}` }, 60)),
    );

    expect(await ids()).toEqual(['s1']);
  });

  async function expire(where: string): Promise<void> {
    await db().query(
      `UPDATE identity.oidc_record SET expires_at = now() - interval '1 second' WHERE ${where}`,
    );
  }

  async function ids(): Promise<string[]> {
    const records = await db().find(OidcRecord, { order: { id: 'ASC' } });
    return records.map(({ id }) => id);
  }
});
