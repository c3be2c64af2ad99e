import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '../support/database.ts';
import { givenMember, givenMemberAt } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import { givenClient } from '../support/given-clients.ts';
import { type RunningSystem, startInOneProcess } from '../support/system.ts';

/** A wallet on a phone and a partner's till, through the gateway. */
describe('a wallet at a till', () => {
  const test = useTestDatabase();
  let system: RunningSystem;
  beforeAll(async () => (system = await startInOneProcess(test)));
  afterAll(() => system.stop());

  async function tillOf(partnerId: string): Promise<string> {
    const scopes = ['ACCRUALS_WRITE', 'BALANCES_READ'] as const;
    const { clientId, secret } = await givenClient(test, partnerId, { scopes: [...scopes] });
    const answer = await fetch(`${system.url}/identity/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${clientId}:${secret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  async function ask<Data>(token: string, query: string, variables: object = {}): Promise<Data> {
    const { data, errors } = await system.ask(token, query, variables);
    expect(errors).toBeUndefined();
    return data as Data;
  }

  it('shows a code once, and the till reads the member, the balance, and records the purchase', async () => {
    const email = `${randomUUID()}@example.com`;
    const partnerId = await givenPartner(test);
    const id = await givenMemberAt(test, email);
    const till = await tillOf(partnerId);
    const other = await tillOf(await givenPartner(test));
    const wallet = await system.token('member', email);

    const { createWalletToken } = await ask<{
      createWalletToken: { token: string; userErrors: object[] };
    }>(wallet, 'mutation { createWalletToken { token expiresAt userErrors { code } } }');
    expect(createWalletToken.userErrors).toEqual([]);
    const { token } = createWalletToken;

    const find = `query ($token: String!) { member(by: { walletToken: $token }) {
      id displayName balance { available } profile { email } identifiers { masked } } }`;
    expect(await ask(till, find, { token })).toEqual({
      member: {
        id,
        displayName: 'Ada',
        balance: { available: 0 },
        profile: null,
        identifiers: null,
      },
    });
    // Neither this till nor another reads it again.
    expect(await ask(till, find, { token })).toEqual({ member: null });
    expect(await ask(other, find, { token })).toEqual({ member: null });

    // For a quarter of an hour the till acts for the member whom it has met, and no other does.
    const record = `mutation ($input: ActivityInput!) { recordActivity(input: $input) {
      activity { points } userErrors { code } } }`;
    const input = {
      member: { id },
      kind: 'PURCHASE',
      reference: randomUUID(),
      occurredAt: new Date().toISOString(),
      amount: { amount: '12.00', currency: 'EUR' },
    };
    expect(await ask(till, record, { input })).toEqual({
      recordActivity: { activity: { points: 12 }, userErrors: [] },
    });
    expect(await ask(other, record, { input })).toEqual({
      recordActivity: { activity: null, userErrors: [{ code: 'NOT_FOUND' }] },
    });
    expect(await ask(till, find, { token: `${token}x` })).toEqual({ member: null });
    expect(await ask(wallet, '{ me { balance { available } } }')).toEqual({
      me: { balance: { available: 12 } },
    });
  });

  it('tells a till with a wrong digit of a number so, and staff of what they may find', async () => {
    const till = await tillOf(await givenPartner(test));
    const { errors } = await system.ask(
      till,
      '{ member(by: { memberNumber: "9000 0000 0000 0002" }) { id } }',
    );
    expect(errors).toMatchObject([
      { message: expect.stringContaining('check digit'), extensions: { code: 'BAD_USER_INPUT' } },
    ]);
    const admin = await system.token('admin');
    const id = await givenMember(test);
    const { members } = await ask<{ members: { nodes: { id: string }[] } }>(
      admin,
      '{ members(first: 1) { nodes { id } } }',
    );
    expect(members.nodes).toEqual([{ id }]);
  });
});
