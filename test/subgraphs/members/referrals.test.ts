import { randomUUID } from 'node:crypto';
import { accruePoints, auditLedger, balancesOf, reverseAccrual } from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { Member, Referral } from '../../../subgraphs/members/entities.ts';
import { enrolMember, verifyEmail } from '../../../subgraphs/members/membership/enrolment.ts';
import { referralsOf } from '../../../subgraphs/members/referrals/codes.ts';
import { mailboxOf } from '../../../subgraphs/members/referrals/referrals.ts';
import { referralRules, setReferralRules } from '../../../subgraphs/members/referrals/rules.ts';
import { runJob } from '../../support/jobs.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { codeIn, givenMemberAt } from '../../support/given-members.ts';
import { anAccrual, givenLedgerPartner, noon } from '../../support/given-points.ts';
import { daysFrom } from '../../support/given-transfers.ts';
import { keptMail } from '../../support/mail.ts';
import { askAgain, race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import { adminViewer } from '../../support/subgraph.ts';

const test = useTestDatabase();
const db = () => test.db('members');
const by = { viewer: adminViewer(['PROGRAM_MANAGE']), clock: new SetClock(noon) };
const usual = {
  referrerPoints: 500n,
  friendPoints: 200n,
  withinDays: 30,
  waitDays: 14,
  rewardsPerYear: 20,
  joinsPerDay: 5,
};
const anAddress = () => `${randomUUID()}@example.com`;
const standing = async (memberId: string) => (await referralsOf(db(), [memberId]))[0];
const available = async (memberId: string, at = daysFrom(60)) =>
  (await balancesOf(db(), [{ memberId }], at))[0]!.available;
const referralOf = (friendId: string) => db().findOneBy(Referral, { friendId });

let issuerId: string;
let ada: string;
let code: string;
beforeAll(async () => (issuerId = await givenLedgerPartner(test)));
beforeEach(() => setReferralRules(db(), usual, by));

async function begin(email: string, referralCode: string, at = noon) {
  const mail = keptMail();
  const issued = await enrolMember(
    db(),
    { email, referralCode },
    { clock: new SetClock(at), mail },
  );
  return { issued, text: mail.sent[0]! };
}

async function join(email = anAddress(), referralCode = code, at = noon): Promise<string> {
  const { issued, text } = await begin(email, referralCode, at);
  const attempt = { verificationId: issued.verificationId, code: codeIn(text) };
  return (await askAgain(() => verifyEmail(db(), attempt, { clock: new SetClock(at) }))).id;
}

async function earn(memberId: string, at: Date, currency = 'PTS'): Promise<string> {
  const accrual = anAccrual({ memberId, issuerId, currency, points: 10n, effectiveAt: at, at });
  await accruePoints(test.db('partners'), accrual);
  return accrual.key;
}

/** What the worker does, at an instant. @returns for how many something was given by then */
async function reward(at: Date): Promise<number> {
  const before = await db().countBy(Referral, { status: 'REWARDED' });
  const next = () =>
    rows<{ count: number }>(test.db('worker'), 'SELECT members.reward_next_referral($1) AS count', [
      at,
    ]);
  while ((await next())[0]!.count > 0);
  return (await db().countBy(Referral, { status: 'REWARDED' })) - before;
}

describe('referrals', () => {
  beforeEach(async () => {
    ada = await givenMemberAt(test, anAddress(), noon);
    ({ code } = (await standing(ada))!);
  });

  describe('a referral code', () => {
    it('is made once, however often it is asked for at once, and only for who is active', async () => {
      const bea = await givenMemberAt(test, anAddress());

      const { answers } = await race(db(), 4, () => standing(bea));

      expect(new Set(answers.map((each) => each!.code)).size).toBe(1);
      expect(answers[0]).toMatchObject({ invited: 0, joined: 0, pointsEarned: 0n });
      expect(answers[0]!.code).toMatch(/^[2-9A-HJ-NP-Z]{10}$/);
      const cleo = await givenMemberAt(test, anAddress());
      await db().update(Member, { id: cleo }, { status: 'SUSPENDED' });
      expect(await standing(cleo)).toBeUndefined();
    });

    it('brings a new member, as people write it', async () => {
      const friend = await join(anAddress(), ` ${code.slice(0, 5)}-${code.slice(5).toLowerCase()}`);

      expect(await referralOf(friend)).toMatchObject({ referrerId: ada, status: 'JOINED' });
      expect(await standing(ada)).toMatchObject({ invited: 1, joined: 1, pointsEarned: 0n });
    });

    it('tells neither who enrols nor its member whether an address or a code is known', async () => {
      const known = anAddress();
      await givenMemberAt(test, known);
      const stranger = anAddress();

      const answers: Awaited<ReturnType<typeof begin>>['issued'][] = [];
      for (const [email, given] of [
        [known, code],
        [stranger, code],
        [stranger, code],
        [anAddress(), 'ABCDEFGH23'],
      ] as const) {
        answers.push((await begin(email, given)).issued);
      }

      expect(answers).toEqual(
        answers.map(() => ({
          verificationId: expect.any(String) as unknown,
          expiresAt: answers[0]!.expiresAt,
        })),
      );
      expect(await standing(ada)).toMatchObject({ invited: 2, joined: 0 });
    });

    it('that is nobody’s, or a suspended member’s, brings nobody', async () => {
      expect(await referralOf(await join(anAddress(), 'ABCDEFGH23'))).toBeNull();
      const { issued, text } = await begin(anAddress(), code);
      await db().update(Member, { id: ada }, { status: 'SUSPENDED' });

      const { id } = await verifyEmail(
        db(),
        { verificationId: issued.verificationId, code: codeIn(text) },
        by,
      );

      expect(await referralOf(id)).toBeNull();
    });

    it('that is none is refused, and nothing is begun', async () => {
      await expect(begin(anAddress(), 'O0O0O0O0O0')).rejects.toEqual(
        refusal('INVALID', ['referralCode']),
      );
    });

    it('counts for the first alone who brought a member', async () => {
      const bea = await givenMemberAt(test, anAddress());
      const email = anAddress();
      const [first, second] = [
        await begin(email, code),
        await begin(email, (await standing(bea))!.code),
      ];
      for (const { issued, text } of [second, first]) {
        await verifyEmail(db(), { verificationId: issued.verificationId, code: codeIn(text) }, by);
      }

      expect(await standing(ada)).toMatchObject({ invited: 1, joined: 0 });
      expect(await standing(bea)).toMatchObject({ invited: 1, joined: 1 });
    });
  });

  describe('who is brought', () => {
    it.each([
      ['ada@example.com', 'ada+2@example.com'],
      ['ada.l@gmail.com', 'A.dal+x+y@googlemail.com'],
    ])('is not the referrer: %s and %s', async (own, other) => {
      const [name, domain] = other.split('@');
      const unique = randomUUID().replaceAll('-', '');
      const referrer = await givenMemberAt(test, own.replace('@', `${unique}@`));
      const { code: theirs } = (await standing(referrer))!;
      const [before, ...tags] = name!.split('+');

      const friend = await join(`${before}${unique}+${tags.join('+')}@${domain}`, theirs);

      expect(await referralOf(friend)).toMatchObject({
        status: 'REFUSED',
        refusedFor: 'SAME_PERSON',
      });
      expect(await standing(referrer)).toMatchObject({ joined: 0 });
    });

    it('is not a member already, nor was brought before, by another spelling', async () => {
      const unique = randomUUID();
      await givenMemberAt(test, `${unique}@example.com`);
      const other = randomUUID();
      await join(`${other}+1@example.com`);

      const again = [await join(`${unique}+1@example.com`), await join(`${other}+2@example.com`)];

      for (const friend of again) {
        expect(await referralOf(friend)).toMatchObject({ refusedFor: 'SAME_PERSON' });
      }
    });

    it('is one of so many a day, also where many join at once; the others join all the same', async () => {
      await setReferralRules(db(), { joinsPerDay: 2 }, by);

      const { answers, reasons } = await race(db(), 6, () => join());

      expect(reasons).toEqual([]);
      const referrals = await Promise.all(answers.map(referralOf));
      expect(referrals.filter((each) => each!.status === 'JOINED')).toHaveLength(2);
      expect(referrals.filter((each) => each!.refusedFor === 'TOO_MANY')).toHaveLength(4);
      expect(await standing(ada)).toMatchObject({ invited: 6, joined: 2 });
    });
  });

  describe('what is given for it', () => {
    let friend: string;
    beforeEach(async () => (friend = await join()));

    it('is posted to both, with its source, once what was earned cannot go back', async () => {
      await earn(friend, daysFrom(3));

      expect(await reward(daysFrom(16.9))).toBe(0);
      expect(await available(ada)).toBe(0n);
      const at = daysFrom(17.2);
      expect(await reward(at)).toBe(1);
      expect(await reward(daysFrom(18))).toBe(0);

      expect([await available(ada), await available(friend)]).toEqual([500n, 210n]);
      expect(await standing(ada)).toMatchObject({ joined: 1, pointsEarned: 500n });
      const { id } = (await referralOf(friend))!;
      const posted = await rows(
        test.owner(),
        `SELECT member_id, kind, points, source_id FROM ledger.transfer
       WHERE source_kind = 'award' AND source_id = $1 ORDER BY points DESC`,
        [id],
      );
      expect(posted).toEqual([
        { member_id: ada, kind: 'ADJUSTMENT', points: 500n, source_id: id },
        { member_id: friend, kind: 'ADJUSTMENT', points: 200n, source_id: id },
      ]);
      const told = await rows<{ id: string }>(
        test.owner(),
        `SELECT member_id AS id FROM platform.outbox
       WHERE type = 'referral.rewarded' AND payload ->> 'referralId' = $1`,
        [id],
      );
      expect(told.map((each) => each.id).sort()).toEqual([ada, friend].sort());
      expect(await auditLedger(test.owner())).toEqual([]);
    });

    it('is given once where many look at once', async () => {
      await earn(friend, daysFrom(3));

      const { reasons } = await race(test.db('worker'), 4, () => reward(daysFrom(20)));

      expect(reasons).toEqual([]);
      expect([await available(ada), await available(friend)]).toEqual([500n, 210n]);
    });

    it.each([
      ['nothing was earned in time', async () => {}, 'LAPSED'],
      ['it was earned too late', () => earn(friend, daysFrom(30.1)), 'LAPSED'],
      [
        'what was earned is a partner’s own currency',
        async () => earn(friend, daysFrom(3), await givenCurrency(test, issuerId)),
        'LAPSED',
      ],
      [
        'the purchase went back',
        async () => {
          const accrualId = await earn(friend, daysFrom(3));
          await reverseAccrual(test.db('partners'), {
            memberId: friend,
            key: randomUUID(),
            accrualId,
            source: { kind: 'activity', id: randomUUID() },
            description: 'Return',
            clawback: 'DEBT',
            risk: 'ISSUER',
            at: daysFrom(10),
          });
        },
        'LAPSED',
      ],
      [
        'both have one phone',
        async () => {
          await earn(friend, daysFrom(3));
          for (const id of [ada, friend])
            await db().update(Member, { id }, { phone: '+4930123456' });
        },
        'REFUSED',
      ],
      [
        'the friend has gone',
        async () => {
          await earn(friend, daysFrom(3));
          await db().update(Member, { id: friend }, { status: 'CLOSED' });
        },
        'LAPSED',
      ],
    ])('is nothing where %s', async (_, happened, status) => {
      await happened();

      expect(await reward(daysFrom(50))).toBe(0);

      expect((await referralOf(friend))!.status).toBe(status);
      expect(await available(ada)).toBe(0n);
      expect(await standing(ada)).toMatchObject({ pointsEarned: 0n });
    });

    it('is nothing for the referrer beyond the year’s limit, or who has gone', async () => {
      await setReferralRules(db(), { rewardsPerYear: 1 }, by);
      const other = await join();
      const bea = await givenMemberAt(test, anAddress(), noon);
      const third = await join(anAddress(), (await standing(bea))!.code);
      await db().update(Member, { id: bea }, { status: 'CLOSED' });
      for (const each of [friend, other, third]) await earn(each, daysFrom(3));

      expect(await reward(daysFrom(20))).toBe(3);

      expect([await available(ada), await available(bea)]).toEqual([500n, 0n]);
      for (const each of [friend, other, third]) expect(await available(each)).toBe(210n);
    });

    it('counts with what came of a membership that was merged into the referrer’s', async () => {
      await setReferralRules(db(), { rewardsPerYear: 1 }, by);
      const bea = await givenMemberAt(test, anAddress(), noon);
      const third = await join(anAddress(), (await standing(bea))!.code);
      await earn(third, daysFrom(3));
      await reward(daysFrom(20));
      await db().update(Member, { id: bea }, { status: 'CLOSED', mergedInto: ada });
      await earn(friend, daysFrom(6));

      expect(await reward(daysFrom(25))).toBe(1);

      expect([await available(ada), await available(bea), await available(friend)]).toEqual([
        0n,
        500n,
        210n,
      ]);
      expect(await standing(ada)).toMatchObject({ invited: 2, joined: 2, pointsEarned: 500n });
    });

    it('is held up by none that cannot be given', async () => {
      const stuck = await join();
      for (const each of [stuck, friend]) await earn(each, daysFrom(3));
      await db().update(Referral, { friendId: stuck }, { lookAt: daysFrom(-1) });
      await rows(
        test.owner(),
        `CREATE FUNCTION public.fail() RETURNS trigger LANGUAGE plpgsql AS
           $$BEGIN RAISE EXCEPTION 'broken'; END$$;
         CREATE TRIGGER fails BEFORE UPDATE ON members.referral FOR EACH ROW
           WHEN (NEW.friend_id = '${stuck}' AND NEW.status = 'REWARDED')
           EXECUTE FUNCTION public.fail()`,
      );

      try {
        expect(await reward(daysFrom(20))).toBe(1);
        expect(await referralOf(stuck)).toMatchObject({
          status: 'JOINED',
          lookAt: daysFrom(20.25),
        });
      } finally {
        await rows(test.owner(), 'DROP FUNCTION public.fail CASCADE');
      }

      expect(await reward(daysFrom(21))).toBe(1);
      expect([await available(friend), await available(stuck)]).toEqual([210n, 210n]);
    });

    it('waits while the program gives nothing', async () => {
      await setReferralRules(db(), { referrerPoints: 0n, friendPoints: 0n }, by);
      await earn(friend, daysFrom(3));

      expect(await reward(daysFrom(20))).toBe(0);
      expect(await runJob(test, 'reward-referrals')).toBe(0);
      expect((await referralOf(friend))!.status).toBe('JOINED');

      await setReferralRules(db(), { friendPoints: 7n }, by);
      expect(await runJob(test, 'reward-referrals')).toBeGreaterThanOrEqual(1);
      expect([await available(ada), await available(friend, new Date())]).toEqual([0n, 17n]);
    });
  });
});

describe('mailboxOf', () => {
  it.each([
    ['+a@b.example', '+a@b.example'],
    ['a.b+c@b.example', 'a.b@b.example'],
    ['a.b@googlemail.com', 'ab@gmail.com'],
  ])('finds that of %s: %s', (address, mailbox) => {
    expect(mailboxOf(address)).toBe(mailbox);
  });
});

describe('setReferralRules', () => {
  it('changes what is given, and records the act', async () => {
    await setReferralRules(db(), { referrerPoints: 501n, withinDays: null }, by);

    expect(await referralRules(db())).toMatchObject({ ...usual, referrerPoints: 501n });
    const [act] = await rows(
      test.owner(),
      `SELECT actor, changes FROM platform.audit_event
       WHERE action = 'setReferralRules' ORDER BY sequence DESC LIMIT 1`,
    );
    expect(act).toMatchObject({
      changes: [{ field: 'referrerPoints', before: '500', after: '501' }],
    });
  });

  it.each([
    ['referrerPoints', -1n],
    ['friendPoints', 1_000_001n],
    ['withinDays', 0],
    ['waitDays', 367],
    ['rewardsPerYear', 0],
    ['joinsPerDay', 1_001],
  ])('refuses %s of %s, and changes nothing', async (name, value) => {
    await expect(setReferralRules(db(), { friendPoints: 1n, [name]: value }, by)).rejects.toEqual(
      refusal('INVALID', [name]),
    );

    expect(await referralRules(db())).toMatchObject(usual);
  });

  it('loses none of two changes at once', async () => {
    await race(db(), 2, (index) =>
      askAgain(() => setReferralRules(db(), index ? { withinDays: 9 } : { waitDays: 8 }, by)),
    );

    expect(await referralRules(db())).toMatchObject({ withinDays: 9, waitDays: 8 });
  });
});
