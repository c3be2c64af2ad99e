import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { grantConsent } from '../../../subgraphs/members/consents/consents.ts';
import { Member, PartnerAccount } from '../../../subgraphs/members/entities.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { enrolProvisional } from '../../../subgraphs/partners/activities/members.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember, givenProvisional } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const test = useTestDatabase();
const members = () => test.db('members');
const at = new Date('2026-06-15T10:00:00Z');

const enrol = (partnerId: string, accounts: string[], sandbox = false) =>
  enrolProvisional(test.db('partners'), accounts, { partnerId, sandbox, at });

const may = async (partnerId: string, ids: string[], scope: string | null, sandbox = false) => {
  const found = await rows<{ id: string }>(
    test.db('partners'),
    'SELECT may AS id FROM members.may($1, $2, $3, $4)',
    [partnerId, ids, scope, sandbox],
  );
  return found.map(({ id }) => id);
};

const resolve = async (partnerId: string | null, refs: object[], sandbox = false) =>
  rows<{ item: number; member_id: string }>(
    test.db('partners'),
    'SELECT * FROM members.resolve_all($1, $2, $3) ORDER BY item',
    [JSON.stringify(refs), partnerId, sandbox],
  );

/** Luhn as card readers check it: from the right, every second digit doubled; the sum ends in 0. */
function isByLuhn(number: string): boolean {
  const digits = Array.from(number, Number).reverse();
  const sum = digits.reduce((total, digit, place) => {
    const counted = place % 2 === 1 ? digit * 2 : digit;
    return total + Math.floor(counted / 10) + (counted % 10);
  }, 0);
  return sum % 10 === 0;
}

describe('members.enrol_provisional', () => {
  it('makes a member for each account, and tells of it', async () => {
    const partnerId = await givenPartner(test);

    const holders = await enrol(partnerId, ['c-1', 'c-2', 'c-1']);

    const made = Object.fromEntries(holders.map(({ account, isNew }) => [account, isNew]));
    expect([holders.length, made]).toEqual([2, { 'c-1': true, 'c-2': true }]);
    for (const { memberId } of holders) {
      const member = await members().findOneByOrFail(Member, { id: memberId });
      expect(member).toMatchObject({
        status: 'PROVISIONAL',
        sandbox: false,
        email: null,
        emailKey: null,
        emailVerifiedAt: null,
        locale: 'en',
        marketingOptIn: false,
        joinedAt: at,
      });
      expect(member.displayName).toMatch(/^Member [1-9]\d{3}$/);
      expect(member.memberNumber).toMatch(/^9\d{15}$/);
      const events = await rows(
        test.owner(),
        `SELECT type, payload, partner_id AS "partnerId" FROM platform.outbox WHERE member_id = $1`,
        [memberId],
      );
      expect(events).toEqual([{ type: 'member.enrolled', payload: { memberId }, partnerId: null }]);
    }
  });

  it('draws numbers that card readers take, each once', async () => {
    const partnerId = randomUUID();
    const accounts = Array.from({ length: 500 }, (_, i) => `c-${i}`);

    const ids = (await enrol(partnerId, accounts)).map(({ memberId }) => memberId);

    const numbers = await rows<{ number: string }>(
      test.owner(),
      'SELECT member_number AS number FROM members.member WHERE id = ANY ($1)',
      [ids],
    );
    expect(new Set(numbers.map(({ number }) => number)).size).toBe(500);
    expect(numbers.filter(({ number }) => !isByLuhn(number))).toEqual([]);
  });

  it('finds those of known accounts, and makes none again', async () => {
    const partnerId = randomUUID();
    const [first] = await enrol(partnerId, ['c-1']);
    const before = await members().count(Member);

    const [again] = await enrol(partnerId, ['c-1']);

    expect(again).toEqual({ ...first, isNew: false });
    expect(await members().count(Member)).toBe(before);
  });

  it('keeps the accounts of two partners, and of the sandbox, apart', async () => {
    const [shop, hotel] = [randomUUID(), randomUUID()];

    const made = [
      ...(await enrol(shop, ['c-1'])),
      ...(await enrol(hotel, ['c-1'])),
      ...(await enrol(shop, ['c-1'], true)),
    ];

    expect(new Set(made.map(({ memberId }) => memberId)).size).toBe(3);
    const [, , tested] = made;
    expect(await members().findOneBy(Member, { id: tested!.memberId })).toMatchObject({
      sandbox: true,
    });
  });

  it('makes one member for each account where many ask at once, in any order', async () => {
    const partnerId = randomUUID();
    const accounts = Array.from({ length: 30 }, (_, i) => `c-${i}`);
    const before = await members().count(Member);

    // Without a second try: a deadlock would fail it.
    const { answers, reasons } = await race(test.db('partners'), 12, (i) =>
      enrol(partnerId, i % 2 ? accounts : accounts.toReversed()),
    );

    expect(reasons).toEqual([]);
    expect(answers.flat().filter(({ isNew }) => isNew)).toHaveLength(30);
    expect(new Set(answers.flat().map(({ memberId }) => memberId)).size).toBe(30);
    expect(await members().count(Member)).toBe(before + 30);
    expect(await members().countBy(PartnerAccount, { partnerId })).toBe(30);
  });
});

describe('members.resolve_all', () => {
  it('finds members by account, each for the partner whose account it is', async () => {
    const [shop, hotel] = [randomUUID(), randomUUID()];
    const shopper = await givenProvisional(test, shop, 'c-1');
    const guest = await givenProvisional(test, hotel, 'c-1');
    const ada = await givenMember(test);
    const refs = [
      { partnerAccount: 'c-1' },
      { partnerAccount: 'C-1' },
      { id: ada },
      { partnerAccount: 'c-1', partnerId: shop },
      { partnerAccount: 'c-1', partnerId: hotel },
    ];

    expect(await resolve(shop, refs)).toEqual([
      { item: 1, member_id: shopper },
      { item: 3, member_id: ada },
      { item: 4, member_id: shopper },
    ]);
    expect(await resolve(null, refs)).toEqual([
      { item: 3, member_id: ada },
      { item: 4, member_id: shopper },
      { item: 5, member_id: guest },
    ]);
    expect(await resolve(shop, refs, true)).toEqual([]);
  });
});

describe('a provisional member', () => {
  it('lets the partner whose account it is report what earns, and nothing else', async () => {
    const [shop, hotel] = [await givenPartner(test), await givenPartner(test)];
    const member = await givenProvisional(test, shop, 'c-1');
    const tested = await givenProvisional(test, shop, 'c-1', true);
    const ids = [member, tested];

    expect(await may(shop, ids, 'EARN')).toEqual([member]);
    expect(await may(shop, ids, null)).toEqual([member]);
    expect(await may(shop, ids, 'EARN', true)).toEqual([tested]);
    for (const scope of ['SPEND', 'READ_BALANCE', 'READ_PROFILE']) {
      expect(await may(shop, ids, scope)).toEqual([]);
    }
    expect(await may(hotel, ids, 'EARN')).toEqual([]);
    await givenStatus(test, shop, 'SUSPENDED');
    expect(await may(shop, ids, 'EARN')).toEqual([]);
  });

  it('counts by its consents alone once it is active', async () => {
    const shop = await givenPartner(test);
    const member = await givenProvisional(test, shop, 'c-1');
    const claim = `UPDATE members.member SET status = 'ACTIVE', email = $2, email_key = $2
                   WHERE id = $1`;

    await rows(test.owner(), claim, [member, 'claimed@example.com']);

    expect(await may(shop, [member], 'EARN')).toEqual([]);
    expect(await may(shop, [member], null)).toEqual([]);
  });

  it('is not active without an address', async () => {
    const member = await givenProvisional(test, randomUUID(), 'c-1');
    const activate = `UPDATE members.member SET status = 'ACTIVE' WHERE id = $1`;

    await expect(rows(test.owner(), activate, [member])).rejects.toThrow('member_email_ck');
  });

  it('gives no consent', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenProvisional(test, partnerId, 'c-1');
    const by = { memberId, clock: databaseClock };

    await expect(grantConsent(members(), { partnerId, scopes: ['EARN'] }, by)).rejects.toEqual(
      refusal('MEMBER_INACTIVE'),
    );
  });
});

describe('the graph of a provisional member', () => {
  let subgraph: Subgraph;
  const { ask, codeOf } = callsOf(() => subgraph);
  const find = `query($by: MemberRef!) { member(by: $by) {
    id status profile { email } consents { scopes } } }`;

  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform());
  });
  afterAll(() => subgraph.drain());

  it('shows its status and no profile, by the partner’s own number', async () => {
    const [shop, hotel] = [await givenPartner(test), await givenPartner(test)];
    const id = await givenProvisional(test, shop, 'c-1');
    const own = { by: { partnerAccount: ' c-1 ' } };
    const named = { by: { partnerAccount: 'c-1', partnerId: shop } };
    const found = { id, status: 'PROVISIONAL', profile: null };

    expect(await ask(partnerViewer(shop), find, own)).toEqual({
      member: { ...found, consents: null },
    });
    expect(await ask(adminViewer(), find, named)).toEqual({ member: { ...found, consents: [] } });
    expect(await ask(partnerViewer(hotel), find, own)).toEqual({ member: null });
    expect(await ask(partnerViewer(hotel), find, named)).toEqual({ member: null });
    expect(await ask(memberViewer(id), '{ me { profile { email } } }')).toEqual({
      me: { profile: null },
    });
  });

  it.each([
    ['an account without its partner', { partnerAccount: 'c-1' }],
    ['two ways at once', { partnerAccount: 'c-1', email: 'a@example.com' }],
    ['a partner without an account', { id: randomUUID(), partnerId: randomUUID() }],
    ['a partner alone', { partnerId: randomUUID() }],
    ['what is no id', { partnerAccount: 'c-1', partnerId: 'shop' }],
  ])('takes from staff no %s', async (_, by) => {
    expect(await codeOf(adminViewer(), find, { by })).toBe('BAD_USER_INPUT');
  });
});
