import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { auditLedger, balancesOf } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { recordActivities } from '../../../subgraphs/partners/activities/activities.ts';
import { enrolProvisional } from '../../../subgraphs/partners/activities/members.ts';
import type { RecordActivity, Reporter } from '../../../subgraphs/partners/activities/reports.ts';
import { Activity } from '../../../subgraphs/partners/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenConsent, givenMember, givenProvisional } from '../../support/given-members.ts';
import {
  aPointAUnit,
  givenContract,
  givenPartner,
  givenRules,
} from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';

describe('recordActivities', () => {
  const test = useTestDatabase();
  const db = () => test.db('partners');
  const now = new Date('2026-06-15T10:00:00Z');

  const purchase = (
    member: RecordActivity['member'],
    reference: string,
    amount = '10.00',
    change: Partial<RecordActivity> = {},
  ): RecordActivity => ({
    member,
    kind: 'PURCHASE',
    reference,
    occurredAt: now,
    amount: { amount, currency: 'EUR' },
    ...change,
  });

  function record(reporter: Partial<Reporter> & { partnerId: string }, inputs: RecordActivity[]) {
    const by = { reporter: { sandbox: false, ...reporter }, clock: new SetClock(now) };
    return recordActivities(db(), inputs, by);
  }

  /** What became of each: points and whether they are new, or the code of the refusal. */
  async function outcomes(...call: Parameters<typeof record>) {
    const { recorded } = await record(...call);
    return recorded.map((each) =>
      each instanceof Refusal ? each.code : [each.activity.points, each.isNew],
    );
  }

  async function givenShop(members = 1) {
    const partnerId = await givenPartner(test);
    const ids = await Promise.all(Array.from({ length: members }, () => givenMember(test)));
    for (const id of ids) await givenConsent(test, id, partnerId);
    return { partnerId, members: ids.map((id) => ({ id })) };
  }

  const countOf = (partnerId: string) => db().countBy(Activity, { partnerId });

  async function balanceOf(memberId: string): Promise<bigint> {
    return (await balancesOf(db(), [{ memberId }], new Date('2030-01-01')))[0]!.available;
  }

  async function eventsOf(partnerId: string): Promise<number> {
    const sql = `SELECT FROM platform.outbox WHERE type = 'activity.posted' AND partner_id = $1`;
    return (await rows(test.owner(), sql, [partnerId])).length;
  }

  it('posts each for its member, by the rules of its day, in the input’s order', async () => {
    const { partnerId, members } = await givenShop(2);
    const [ada, ben] = members as [{ id: string }, { id: string }];
    const change = new Date('2026-06-10T00:00:00+02:00');
    await givenContract(db(), partnerId, { validFrom: '2026-06-10', issuePrice: '0.0200' });
    await givenRules(db(), partnerId, [{ ...aPointAUnit, earn: { spend: '2' } }], change);
    const before = { occurredAt: new Date(change.getTime() - 1) };

    const { recorded } = await record({ partnerId }, [
      purchase(ben, 'z-2', '10.60'),
      purchase(ada, 'a-1', '10.60', before),
      purchase(ada, 'm-3', '0.40'),
    ]);

    expect(recorded).toMatchObject([
      {
        isNew: true,
        activity: { reference: 'z-2', points: 21n, contractVersion: 2, memberId: ben.id },
      },
      {
        isNew: true,
        activity: { reference: 'a-1', points: 10n, contractVersion: 1, memberId: ada.id },
      },
      {
        isNew: true,
        activity: { reference: 'm-3', points: 0n, ruleSetVersion: 2, memberId: ada.id },
      },
    ]);
    expect([await balanceOf(ada.id), await balanceOf(ben.id)]).toEqual([10n, 21n]);
    expect([await countOf(partnerId), await eventsOf(partnerId)]).toEqual([3, 3]);
    const kept = await db().findOneByOrFail(Activity, { partnerId, reference: 'z-2' });
    expect(recorded[0]).toEqual({ isNew: true, activity: kept });
  });

  it('refuses each for its own reason, and posts the others', async () => {
    const { partnerId, members } = await givenShop(3);
    const [ada, ben, cleo] = members as { id: string }[];
    const reader = await givenMember(test);
    await givenConsent(test, reader, partnerId, ['READ_BALANCE']);
    const setStatus = 'UPDATE members.member SET status = $2 WHERE id = $1';
    await rows(test.owner(), setStatus, [cleo!.id, 'SUSPENDED']);

    const answers = await outcomes({ partnerId }, [
      purchase(ada!, 'ok-1'),
      purchase(ada!, ' '),
      purchase({ id: randomUUID() }, 'stranger'),
      purchase({ id: reader }, 'reader'),
      purchase(cleo!, 'suspended'),
      purchase(ada!, 'old', '1', { occurredAt: new Date('2025-01-01') }),
      purchase(ada!, 'currency', '1', { amount: { amount: '1', currency: 'USD' } }),
      purchase(ada!, 'rich', '1000000000001'),
      purchase(ben!, 'ok-2', '20.00'),
    ]);

    expect(answers).toEqual([
      [10n, true],
      'INVALID',
      'NOT_FOUND',
      'CONSENT_REQUIRED',
      'MEMBER_INACTIVE',
      'INVALID',
      'INVALID',
      'INVALID',
      [20n, true],
    ]);
    expect([await countOf(partnerId), await eventsOf(partnerId)]).toEqual([2, 2]);
    expect([await balanceOf(ada!.id), await balanceOf(ben!.id)]).toEqual([10n, 20n]);
  });

  it('takes a batch again for what it was, and what is new in it for new', async () => {
    const { partnerId, members } = await givenShop();
    const [ada] = members as [{ id: string }];
    await record({ partnerId }, [purchase(ada, 'a'), purchase(ada, 'b')]);

    const again = await outcomes({ partnerId }, [
      purchase(ada, 'b'),
      purchase(ada, 'c'),
      purchase(ada, 'a', '11'),
    ]);

    expect(again).toEqual([[10n, false], [10n, true], 'IDEMPOTENCY_MISMATCH']);
    expect(await balanceOf(ada.id)).toBe(30n);
  });

  it('takes two of one reference as if they came one after the other', async () => {
    const { partnerId, members } = await givenShop();
    const [ada] = members as [{ id: string }];

    const answers = await outcomes({ partnerId }, [
      purchase({ id: randomUUID() }, 'a'),
      purchase(ada, 'a'),
      purchase(ada, 'a'),
      purchase(ada, 'a', '11'),
      purchase({ id: randomUUID() }, 'a'),
    ]);

    expect(answers).toEqual([
      'NOT_FOUND',
      [10n, true],
      [10n, false],
      'IDEMPOTENCY_MISMATCH',
      'IDEMPOTENCY_MISMATCH',
    ]);
    expect([await balanceOf(ada.id), await countOf(partnerId)]).toEqual([10n, 1]);
  });

  it('refuses what the ledger refuses, alone', async () => {
    const { partnerId, members } = await givenShop(2);
    const [rich, ben] = members as [{ id: string }, { id: string }];
    await record({ partnerId }, [purchase(rich, 'first', '1')]);
    const setBalance = 'UPDATE ledger.account SET balance = $2 WHERE member_id = $1';
    await rows(test.owner(), setBalance, [rich.id, 2n ** 53n - 1n]);

    const answers = await outcomes({ partnerId }, [
      purchase(ben, 'a'),
      purchase(rich, 'b', '9'),
      purchase(rich, 'c', '0.99'),
      purchase(ben, 'd'),
    ]);

    expect(answers).toEqual([[10n, true], 'LIMIT_REACHED', [0n, true], [10n, true]]);
    expect([await balanceOf(ben.id), await countOf(partnerId)]).toEqual([20n, 4]);
    expect(await eventsOf(partnerId)).toBe(4);
    await rows(test.owner(), setBalance, [rich.id, 1n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('asks the ledger once for a reference that it refuses, however often the batch holds it', async () => {
    const { partnerId, members } = await givenShop();
    const [rich] = members as [{ id: string }];
    await record({ partnerId }, [purchase(rich, 'first', '1')]);
    const setBalance = 'UPDATE ledger.account SET balance = $2 WHERE member_id = $1';
    await rows(test.owner(), setBalance, [rich.id, 2n ** 53n - 1n]);
    const begun = jest.spyOn(db(), 'transaction');

    const again = Array.from({ length: 20 }, (_, i) => purchase(rich, 'a', `${1 + (i % 2)}`));
    const answers = await outcomes({ partnerId }, [...again, purchase(rich, 'b', '0.99')]);

    const tries = begun.mock.calls.length;
    begun.mockRestore();
    expect(answers).toEqual([...Array<string>(20).fill('LIMIT_REACHED'), [0n, true]]);
    expect(tries).toBe(2);
    await rows(test.owner(), setBalance, [rich.id, 1n]);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('loses all of a batch in which something fails', async () => {
    const { partnerId, members } = await givenShop();
    const [ada] = members as [{ id: string }];
    const account = `DELETE FROM ledger.counter_account WHERE owner = $1 AND kind = 'PARTNER_ISSUANCE'`;
    await rows(test.owner(), account, [partnerId]);

    await expect(
      record({ partnerId, enrols: true }, [
        purchase(ada, 'a'),
        purchase({ partnerAccount: 'c-1' }, 'b'),
      ]),
    ).rejects.toThrow('The ledger knows no PARTNER_ISSUANCE account');

    expect([await countOf(partnerId), await eventsOf(partnerId)]).toEqual([0, 0]);
    expect(await balanceOf(ada.id)).toBe(0n);
    const accounts = 'SELECT FROM members.partner_account WHERE partner_id = $1';
    expect(await rows(test.owner(), accounts, [partnerId])).toEqual([]);
  });

  it('posts each reference once when many batches hold it at once, in any order', async () => {
    const { partnerId, members } = await givenShop(5);
    const inputs = Array.from({ length: 50 }, (_, i) => purchase(members[i % 5]!, `r-${i}`));

    const { answers, reasons } = await race(db(), 8, (i) =>
      record({ partnerId }, i % 2 ? inputs : inputs.toReversed()),
    );

    expect(reasons).toEqual([]);
    const all = answers.flatMap(({ recorded }) => recorded);
    expect(all.filter((each) => !(each instanceof Refusal) && each.isNew)).toHaveLength(50);
    expect(all.filter((each) => each instanceof Refusal)).toEqual([]);
    expect([await countOf(partnerId), await eventsOf(partnerId)]).toEqual([50, 50]);
    for (const { id } of members) expect(await balanceOf(id)).toBe(100n);
    expect(await auditLedger(test.owner())).toEqual([]);
  });

  it('answers IN_PROGRESS for all while another call holds one of them, and posts nothing', async () => {
    const { partnerId, members } = await givenShop();
    const [ada] = members as [{ id: string }];
    const reporter = { partnerId, sandbox: false };
    const by = { reporter, clock: new SetClock(now) };

    await db().transaction(async (tx) => {
      await recordActivities(tx, [purchase(ada, 'a')], by);
      expect(await outcomes({ partnerId }, [purchase(ada, 'a'), purchase(ada, 'b')])).toEqual([
        'IN_PROGRESS',
        'IN_PROGRESS',
      ]);
    });

    expect(await countOf(partnerId)).toBe(1);
    expect(await outcomes({ partnerId }, [purchase(ada, 'a'), purchase(ada, 'b')])).toEqual([
      [10n, false],
      [10n, true],
    ]);
  });

  describe('of partner accounts', () => {
    it('posts for the provisional member whose account it is, at that partner alone', async () => {
      const [shop, hotel] = [await givenPartner(test), await givenPartner(test)];
      const memberId = await givenProvisional(test, shop, 'c-1');
      const account = { partnerAccount: 'c-1' };

      expect(await outcomes({ partnerId: shop }, [purchase(account, 'a')])).toEqual([[10n, true]]);
      expect(
        await outcomes({ partnerId: hotel }, [
          purchase(account, 'a'),
          purchase({ id: memberId }, 'b'),
          purchase({ ...account, partnerId: shop }, 'c'),
        ]),
      ).toEqual(['NOT_FOUND', 'NOT_FOUND', 'NOT_FOUND']);
      expect(await balanceOf(memberId)).toBe(10n);
    });

    it('makes nobody a member but for those who may, and only by what is posted', async () => {
      const partnerId = await givenPartner(test);
      const inputs = [
        purchase({ partnerAccount: 'new' }, 'a'),
        purchase({ partnerAccount: 'wrong' }, 'b', '1', {
          amount: { amount: '1', currency: 'USD' },
        }),
        purchase({ partnerAccount: 'new' }, 'c', '5'),
      ];
      const accounts = () =>
        rows(
          test.owner(),
          `SELECT account, status FROM members.partner_account a
           JOIN members.member m ON m.id = a.member_id WHERE partner_id = $1`,
          [partnerId],
        );

      expect(await outcomes({ partnerId }, inputs)).toEqual(['NOT_FOUND', 'INVALID', 'NOT_FOUND']);
      expect(await accounts()).toEqual([]);
      const { recorded, enrolled } = await record({ partnerId, enrols: true }, inputs);

      expect(enrolled).toBe(1);
      expect(recorded[1]).toEqual(refusal('INVALID', ['amount', 'currency']));
      expect(await accounts()).toEqual([{ account: 'new', status: 'PROVISIONAL' }]);
      const { memberId } = (recorded[0] as { activity: Activity }).activity;
      expect(await balanceOf(memberId)).toBe(15n);
      expect((await record({ partnerId, enrols: true }, inputs)).enrolled).toBe(0);
    });

    it('takes no account for its own that is named as another partner’s', async () => {
      const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
      const ofOther = (account: string) => ({ partnerAccount: account, partnerId: other });
      const memberId = await givenProvisional(test, other, 'c-1');
      const inputs = [
        purchase(ofOther('c-1'), 'a'),
        purchase({ partnerAccount: 'c-1', partnerId }, 'b'),
        purchase(ofOther('c-2'), 'c'),
      ];

      const answers = await outcomes({ partnerId, enrols: true }, inputs);

      expect(answers).toEqual(['NOT_FOUND', [10n, true], 'NOT_FOUND']);
      expect(await balanceOf(memberId)).toBe(0n);
      const sql = 'SELECT account FROM members.partner_account WHERE partner_id = $1';
      expect(await rows(test.owner(), sql, [partnerId])).toEqual([{ account: 'c-1' }]);
    });

    it('meets another call in the one member of an account', async () => {
      const partnerId = await givenPartner(test);

      const { answers } = await race(db(), 6, (i) =>
        record({ partnerId, enrols: true }, [purchase({ partnerAccount: 'c-1' }, `r-${i}`)]),
      );

      expect(answers.reduce((sum, { enrolled }) => sum + enrolled, 0)).toBe(1);
      const at = { partnerId, sandbox: false, at: now };
      const [holder] = await enrolProvisional(db(), ['c-1'], at);
      expect(await balanceOf(holder!.memberId)).toBe(60n);
    });
  });

  describe('of what was long ago', () => {
    const old = { occurredAt: new Date('2021-05-01T10:00:00Z') };

    it('posts it for those who may date back, by what was valid then', async () => {
      const { partnerId, members } = await givenShop();
      const [ada] = members as [{ id: string }];
      const inputs = [
        purchase(ada, 'old', '3', old),
        purchase(ada, 'older', '3', { occurredAt: new Date('2019-05-01') }),
        purchase(ada, 'oldest', '3', { occurredAt: new Date('-000001-05-01T00:00:00Z') }),
        purchase(ada, 'ahead', '3', { occurredAt: new Date('2026-06-15T10:05:01Z') }),
      ];

      expect(await outcomes({ partnerId }, inputs)).toEqual(Array(4).fill('INVALID'));
      expect(await outcomes({ partnerId, backdates: true }, inputs)).toEqual([
        [3n, true],
        'INVALID',
        'INVALID',
        'INVALID',
      ]);
    });
  });

  it('takes amounts in the currency of the contract', async () => {
    const partnerId = await givenPartner(test, { contract: { currency: 'GBP' } });
    const memberId = await givenProvisional(test, partnerId, 'c-1');
    const inPounds = { amount: { amount: '12.99', currency: 'GBP' } };

    expect(
      await outcomes({ partnerId }, [
        purchase({ partnerAccount: 'c-1' }, 'pounds', '', inPounds),
        purchase({ partnerAccount: 'c-1' }, 'euros'),
      ]),
    ).toEqual([[12n, true], 'INVALID']);
    expect(await balanceOf(memberId)).toBe(12n);
  });
});
