import { createHash } from 'node:crypto';
import { balancesOf } from '../../../ledger/index.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { Voucher } from '../../../subgraphs/rewards-catalog/entities.ts';
import { start } from '../../../subgraphs/rewards-catalog/server.ts';
import { drawCode } from '../../../subgraphs/rewards-catalog/vouchers.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenReward } from '../../support/given-rewards.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

/** As a till reads a code: the sum that the contract tells of. */
function isSound(code: string): boolean {
  const places = Array.from(code.replaceAll('-', ''), (character) =>
    '23456789ABCDEFGHJKMNPQRSTUVWXYZ'.indexOf(character),
  );
  return places.reverse().reduce((sum, place, index) => sum + place * (index + 1), 0) % 31 === 0;
}

describe('drawCode', () => {
  const codes = Array.from({ length: 1_000 }, drawCode);

  it('draws codes of three groups, each another', () => {
    expect(new Set(codes).size).toBe(1_000);
    for (const code of codes) {
      expect(code).toMatch(/^[2-9A-HJKMNP-Z]{6}-[2-9A-HJKMNP-Z]{6}-[2-9A-HJKMNP-Z]{6}$/);
    }
  });

  it('uses every character at every place that is left to chance', () => {
    for (const place of Array.from({ length: 17 }, (_, index) => index)) {
      expect(new Set(codes.map((code) => code.replaceAll('-', '')[place])).size).toBe(31);
    }
  });

  it('checks them, so that one wrong character or two that changed places are told', () => {
    for (const code of codes.slice(0, 20)) {
      expect(isSound(code)).toBe(true);
      for (const [index, character] of Array.from(code).entries()) {
        if (character === '-') continue;
        const other = character === '7' ? '8' : '7';
        expect(isSound(code.slice(0, index) + other + code.slice(index + 1))).toBe(false);
        const next = code[index + 1];
        if (!next || next === '-' || next === character) continue;
        expect(isSound(code.slice(0, index) + next + character + code.slice(index + 2))).toBe(
          false,
        );
      }
    }
  });
});

describe('vouchers', () => {
  const test = useTestDatabase();
  let subgraph: Subgraph;
  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
  });
  afterAll(() => subgraph.drain());
  const { ask } = callsOf(() => subgraph);

  interface Redeemed {
    redemption: { id: string; vouchers: { code: string; status: string }[] } | null;
    userErrors: { code: string }[];
  }
  const fields = '{ id vouchers { code status } }';
  const byId = `query ($id: ID!) { redemption(id: $id) ${fields} }`;

  /** Redeems units with one key. */
  async function redeem(memberId: string, rewardId: string, quantity: number): Promise<Redeemed> {
    const { redeemReward } = await ask<{ redeemReward: Redeemed }>(
      memberViewer(memberId),
      `mutation ($input: RedeemRewardInput!) { redeemReward(input: $input) {
        redemption ${fields} userErrors { code } } }`,
      { input: { rewardId, quantity, idempotencyKey: 'a' } },
    );
    return redeemReward;
  }

  async function count(memberId: string): Promise<number> {
    const [row] = await rows<{ count: number }>(
      test.owner(),
      `SELECT count(*)::integer FROM rewards.voucher v
       JOIN rewards.redemption r ON r.id = v.redemption_id WHERE r.member_id = $1`,
      [memberId],
    );
    return row!.count;
  }

  it.each(['VOUCHER', 'GIFT_CARD', 'DISCOUNT'] as const)(
    'are issued for each unit of a %s',
    async (kind) => {
      const memberId = await givenMember(test, 300n);
      const { id: rewardId } = await givenReward(test, { kind });

      const { redemption } = await redeem(memberId, rewardId, 3);

      const { vouchers } = redemption!;
      expect(vouchers.map(({ status }) => status)).toEqual(['ISSUED', 'ISSUED', 'ISSUED']);
      expect(vouchers.filter(({ code }) => isSound(code))).toHaveLength(3);
      expect(new Set(vouchers.map(({ code }) => code)).size).toBe(3);
      expect(await ask(memberViewer(memberId), byId, { id: redemption!.id })).toEqual({
        redemption,
      });
    },
  );

  it.each([
    ...(['PRODUCT', 'FLIGHT', 'NIGHT', 'UPGRADE', 'EXPERIENCE'] as const),
    ...(['EVENT', 'EARLY_ACCESS', 'STATEMENT_CREDIT', 'MEMBERSHIP'] as const),
  ])('are none of a %s, which its partner delivers', async (kind) => {
    const memberId = await givenMember(test, 100n);
    const { id: rewardId } = await givenReward(test, { kind });

    const { redemption } = await redeem(memberId, rewardId, 1);

    expect(redemption).toMatchObject({ vouchers: [] });
  });

  it('are the same when the call is repeated, and issued once to twenty at once', async () => {
    const memberId = await givenMember(test, 200n);
    const { id: rewardId } = await givenReward(test, { kind: 'VOUCHER' });

    const answers = await Promise.all(
      Array.from({ length: 20 }, () => redeem(memberId, rewardId, 2)),
    );
    const again = await redeem(memberId, rewardId, 2);

    expect(answers).toEqual(Array(20).fill(again));
    expect(again.redemption!.vouchers).toHaveLength(2);
    expect(await count(memberId)).toBe(2);
  });

  it('are not issued where the redemption is refused', async () => {
    const memberId = await givenMember(test, 199n);
    const { id: dear } = await givenReward(test, { kind: 'VOUCHER' });
    const { id: scarce } = await givenReward(test, { kind: 'VOUCHER', price: 1n, stock: 1 });

    for (const rewardId of [dear, scarce]) {
      expect(await redeem(memberId, rewardId, 2)).toMatchObject({ redemption: null });
    }
    expect(await count(memberId)).toBe(0);
    const [balance] = await balancesOf(test.db('members'), [{ memberId }], new Date());
    expect(balance!.available).toBe(199n);
  });

  it('are for the member, the partner and staff who support members, as the redemption is', async () => {
    const memberId = await givenMember(test, 100n);
    const { id: rewardId, partnerId } = await givenReward(test, { kind: 'GIFT_CARD' });
    const { redemption } = await redeem(memberId, rewardId, 1);
    const { id } = redemption!;
    const reference = `query ($id: ID!) { _entities(representations: [{ __typename: "Redemption", id: $id }]) {
      ... on Redemption ${fields} } }`;
    const seen = (viewer: Viewer) => ask(viewer, reference, { id });

    for (const viewer of [memberViewer(memberId), partnerViewer(partnerId), adminViewer()]) {
      expect(await seen(viewer)).toEqual({ _entities: [redemption] });
    }
    for (const viewer of [
      anonymous,
      memberViewer(await givenMember(test)),
      partnerViewer(await givenPartner(test)),
      { ...partnerViewer(partnerId), sandbox: true },
      adminViewer(['PARTNERS_MANAGE']),
    ]) {
      expect(await seen(viewer)).toEqual({ _entities: [null] });
    }
  });

  it('are not to be read in the database', async () => {
    const memberId = await givenMember(test, 100n);
    const { id: rewardId } = await givenReward(test, { kind: 'VOUCHER' });
    const { redemption } = await redeem(memberId, rewardId, 1);
    const { code } = redemption!.vouchers[0]!;
    const bare = code.replaceAll('-', '');

    const voucher = await test
      .db('rewards-catalog')
      .findOneByOrFail(Voucher, { redemptionId: redemption!.id });

    expect(voucher.codeHash).toBe(createHash('sha256').update(bare).digest('hex'));
    const written =
      JSON.stringify(voucher) + Buffer.from(voucher.sealedCode, 'base64url').toString();
    expect(written).not.toContain(code);
    expect(written).not.toContain(bare);
  });
});
