import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createLocalJWKSet, jwtVerify } from 'jose';
import { publicKeys, signingKeys } from '../../identity/keys.ts';
import { type TokenHolder, issueToken } from '../../identity/tokens.ts';
import { root } from '../../platform/root.ts';
import { viewerOf } from '../../platform/viewer.ts';
import { explain } from '../../scripts/program.ts';
import { tokenFor } from '../../scripts/token-command.ts';
import { useTestDatabase } from '../support/database.ts';
import { type GivenClient, givenClient } from '../support/given-clients.ts';
import { givenMemberAt } from '../support/given-members.ts';
import { givenInvited } from '../support/given-partners.ts';
import { refusal } from '../support/refusal.ts';
import { configOn } from '../support/subgraph.ts';

const issuer = 'http://localhost:4000/identity';
const audience = 'https://coalition.example/graphql';

describe('tokens of the demo', () => {
  const test = useTestDatabase();
  let ada: string;
  let shop: string;
  let tills: GivenClient;

  beforeAll(async () => {
    ada = await givenMemberAt(test, 'ada@example.com');
    shop = await givenInvited(test, { code: 'SHOP' });
    await givenClient(test, shop, { scopes: ['BALANCES_READ'], sandbox: true });
    tills = await givenClient(test, shop, { scopes: ['ACCRUALS_WRITE', 'MEMBERS_LINK'] });
    await givenInvited(test, { code: 'BARE' });
  });

  it('let a member do what members do, for an hour', async () => {
    const payload = await claimsOf({ kind: 'member', email: 'ada@example.com' });

    expect(payload).toMatchObject({
      principal: 'member',
      member_id: ada,
      sub: ada,
      client_id: 'demo-member',
      scope: 'profile balance redeem transfer community',
      jti: expect.any(String) as unknown,
    });
    expect(payload.exp! - payload.iat!).toBe(3600);
    expect(viewerOf(payload)).toMatchObject({ audience: 'MEMBER', memberId: ada });
  });

  it('let staff do all that staff does', async () => {
    const payload = await claimsOf({ kind: 'admin' });

    expect(payload).toMatchObject({
      principal: 'admin',
      sub: 'admin',
      client_id: 'demo-admin',
      scope:
        'ledger:adjust partners:manage program:manage members:support community:moderate audit:read',
    });
    expect(viewerOf(payload)).toMatchObject({ audience: 'ADMIN', memberId: null });
  });

  it('let a partner do what its first live client may', async () => {
    const payload = await claimsOf({ kind: 'partner', code: 'SHOP' });

    expect(payload).toMatchObject({
      principal: 'partner',
      partner_id: shop,
      sub: tills.clientId,
      client_id: tills.clientId,
      scope: 'accruals:write members:link',
    });
    expect(payload).not.toHaveProperty('sandbox');
    expect(viewerOf(payload)).toMatchObject({
      audience: 'PARTNER',
      partnerId: shop,
    });
  });

  it('let a partner do less where it is asked for', async () => {
    const payload = await claimsOf({ kind: 'partner', code: 'SHOP', scopes: ['members:link'] });

    expect(payload).toMatchObject({ scope: 'members:link' });
  });

  it('are refused with a scope that the client does not hold', async () => {
    const asked = claimsOf({ kind: 'partner', code: 'SHOP', scopes: ['catalog:manage'] });

    await expect(asked).rejects.toEqual(refusal('NOT_ALLOWED'));
    await expect(asked).rejects.toThrow(
      `The client ${tills.clientId} of SHOP does not hold catalog:manage. It holds accruals:write, members:link.`,
    );
  });

  it.each<[string, TokenHolder, string]>([
    [
      'an unknown member',
      { kind: 'member', email: 'eve@example.com' },
      'no member eve@example.com',
    ],
    ['an unknown partner', { kind: 'partner', code: 'NONE' }, 'no partner NONE'],
    [
      'a partner without a client',
      { kind: 'partner', code: 'BARE' },
      'no partner BARE with an API client',
    ],
  ])('are refused for %s', async (_, holder, words) => {
    await expect(claimsOf(holder)).rejects.toEqual(refusal('NOT_FOUND'));
    await expect(claimsOf(holder)).rejects.toThrow(words);
  });

  it('leave nothing behind', async () => {
    await claimsOf({ kind: 'member', email: 'ada@example.com' });

    expect(await test.owner().query('SELECT * FROM identity.oidc_record')).toEqual([]);
  });

  describe('by the command', () => {
    it('are printed, and nothing else is', async () => {
      const { stdout, stderr } = await command(['member', 'ada@example.com']);

      expect(stdout.trimEnd().split('\n')).toHaveLength(1);
      expect(stderr).toBe('');
      expect(await verify(stdout.trimEnd())).toMatchObject({ sub: ada });
    });

    it('fail in a sentence', async () => {
      await expect(command([])).rejects.toMatchObject({
        code: 1,
        stdout: '',
        stderr: 'Say for whom: member <email>, partner <code> [scope ...], or admin.\n',
      });
    });

    // In this process from here on: each of its own takes longer than the rest of the file.
    it('take scopes for a partner', async () => {
      const token = await tokenFor(['partner', 'SHOP', 'accruals:write'], environmentOf());

      expect(await verify(token)).toMatchObject({ scope: 'accruals:write' });
    });

    it.each([
      [
        'a member who is not there',
        ['member', 'eve@example.com'],
        {},
        'There is no member eve@example.com.',
      ],
      [
        'another issuer',
        ['admin'],
        { ISSUER: 'https://login.example' },
        'ISSUER names https://login.example: its tokens are made there, not here.',
      ],
      [
        'a system that does not run',
        ['admin'],
        { DATABASE_URL: '', DATA_DIR: '/tmp/coalition-not-there' },
        'No system runs on /tmp/coalition-not-there; start it with npm start.',
      ],
    ])('fail for %s', async (_, words, environment, message) => {
      const made = tokenFor(words, { ...environmentOf(), ...environment });

      expect(await made.then(String, explain)).toBe(message);
    });
  });

  async function claimsOf(holder: TokenHolder) {
    return verify(await issueToken(configOn(test), test.db('identity'), holder));
  }

  async function verify(token: string) {
    const keys = await signingKeys(test.db('identity'), configOn(test).sealKey);
    const { payload } = await jwtVerify(token, createLocalJWKSet(publicKeys(keys)), {
      issuer,
      audience,
      algorithms: ['ES256'],
      typ: 'at+jwt',
    });
    return payload;
  }

  function command(words: string[]) {
    return promisify(execFile)(process.execPath, [join(root, 'dist/scripts/token.js'), ...words], {
      cwd: root,
      env: environmentOf(),
    });
  }

  function environmentOf() {
    const { dataDir, sealKey, hopKeys } = configOn(test);
    return {
      PATH: process.env['PATH'],
      DATA_DIR: dataDir,
      DATABASE_URL: test.url('postgres'),
      SEAL_KEY: sealKey,
      HOP_KEYS: `${hopKeys[0]!.id}:${hopKeys[0]!.secret}`,
    };
  }
});
