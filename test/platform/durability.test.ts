import { roleOf } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import { rows } from '../../platform/database.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';

describe('openDatabase', () => {
  const test = useTestDatabase();

  it('refuses a server that may forget what it has confirmed', async () => {
    const open = () => openDatabase(test.url(roleOf('partners')), [], testConfig().limits, 'test');
    const [{ name }] = (await rows(test.owner(), 'SELECT current_database() AS name')) as [
      { name: string },
    ];
    await (await open()).destroy();

    await rows(test.owner(), `ALTER DATABASE ${name} SET synchronous_commit = off`);

    await expect(open()).rejects.toThrow('synchronous_commit must be on');
  });
});
