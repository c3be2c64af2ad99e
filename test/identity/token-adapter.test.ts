import { TokenAdapter } from '../../identity/token-adapter.ts';
import { useTestDatabase } from '../support/database.ts';
import { race } from '../support/race.ts';

describe('the provider’s store of tokens', () => {
  const test = useTestDatabase();
  const db = () => test.db('identity');
  const tokens = () => new TokenAdapter(db(), 'RefreshToken');

  it('gives back a token to who has it, keeps none of it, and forgets it', async () => {
    await tokens().upsert('a token', { jti: 'a token', accountId: 'ada' }, 60);

    expect(await tokens().find('a token')).toEqual({ jti: 'a token', accountId: 'ada' });
    const kept = await db().query<object[]>('SELECT * FROM identity.oidc_record');
    expect(kept).toHaveLength(1);
    expect(JSON.stringify(kept)).not.toContain('a token');
    await tokens().destroy('a token');
    expect(await tokens().find('a token')).toBeUndefined();
  });

  it('lets one of many that come at once use it', async () => {
    await tokens().upsert('once', { jti: 'once' }, 60);

    const { answers, reasons } = await race(db(), 6, () => tokens().consume('once'));

    expect(answers).toHaveLength(1);
    expect(reasons).toHaveLength(5);
    expect(await tokens().find('once')).toMatchObject({ consumed: expect.any(Number) as number });
  });
});
