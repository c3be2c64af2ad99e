import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Message } from '../../../platform/mail.ts';
import { Member, Verification } from '../../../subgraphs/members/entities.ts';
import { enrolMember, verifyEmail } from '../../../subgraphs/members/membership/enrolment.ts';
import { drawMemberNumber, insertMember } from '../../../subgraphs/members/membership/members.ts';
import { useTestDatabase } from '../../support/database.ts';
import { codeIn, givenMemberAt } from '../../support/given-members.ts';
import { keptMail } from '../../support/mail.ts';
import { refusal } from '../../support/refusal.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const anHourLater = new Date('2026-03-01T13:00:00Z');

describe('enrolling', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let mail: ReturnType<typeof keptMail>;
  let sent: Message[];
  beforeEach(() => ({ sent } = mail = keptMail()));

  const anAddress = () => `${randomUUID()}@example.com`;
  const enrol = (email: string, at = noon) => enrolMember(db(), { email }, atTime(at));
  const atTime = (at: Date) => ({ clock: new SetClock(at), mail });
  const verify = (verificationId: string, code: string, at = noon) =>
    verifyEmail(db(), { verificationId, code }, atTime(at));
  const another = (code: string) => (code === '000000' ? '000001' : '000000');
  const events = (memberId: string) =>
    rows<{ type: string }>(test.owner(), 'SELECT type FROM platform.outbox WHERE member_id = $1', [
      memberId,
    ]);

  describe('enrolMember', () => {
    it('mails a code, and keeps it out of the answer and of the table', async () => {
      const email = anAddress();

      const answer = await enrol(email);

      expect(sent).toEqual([{ to: email, subject: 'Your code', text: expect.any(String) }]);
      expect(answer).toEqual({
        verificationId: expect.any(String),
        expiresAt: new Date('2026-03-01T12:15:00Z'),
      });
      const [row] = await rows<object>(
        test.owner(),
        'SELECT v::text FROM members.verification v WHERE id = $1',
        [answer.verificationId],
      );
      expect(JSON.stringify({ ...answer, row })).not.toContain(codeIn(sent[0]!));
    });

    it('answers a known address as an unknown one, and tells its owner by mail, without a code', async () => {
      const known = anAddress();
      await givenMemberAt(test, known);

      const toUnknown = await enrol(anAddress());
      const toKnown = await enrol(` ${known.toUpperCase()} `);

      expect(Object.keys(toKnown)).toEqual(Object.keys(toUnknown));
      expect(toKnown.expiresAt).toEqual(toUnknown.expiresAt);
      expect(sent[1]).toMatchObject({ subject: 'You are a member already' });
      expect(sent[1]!.text).not.toMatch(/\d{6}/);
      const made = await db().findOneByOrFail(Verification, { id: toKnown.verificationId });
      expect(made).toMatchObject({ codeHash: null, emailKey: known });
      await expect(verify(toKnown.verificationId, '123456')).rejects.toEqual(
        refusal('INVALID', ['code']),
      );
    });

    it.each(['known', 'unknown'])(
      'sends at most 5 mails in an hour to a %s address',
      async (kind) => {
        const email = anAddress();
        if (kind === 'known') await givenMemberAt(test, email, new Date('2026-02-01T12:00:00Z'));

        const answers = await Promise.all(Array.from({ length: 8 }, () => enrol(email)));

        expect(sent).toHaveLength(5);
        for (const { expiresAt } of answers) expect(expiresAt).toEqual(answers[0]!.expiresAt);
        expect(new Set(answers.map(({ verificationId }) => verificationId)).size).toBe(8);

        await enrol(email, new Date(anHourLater.getTime() - 1));
        expect(sent).toHaveLength(5);
        await enrol(email, anHourLater);
        expect(sent).toHaveLength(6);
      },
    );

    it.each([
      ['no address', { email: 'ada at example.com' }, ['email']],
      ['an empty name', { displayName: '  ' }, ['displayName']],
      ['no language', { locale: 'deutsch, bitte' }, ['locale']],
    ])('refuses %s, and changes nothing', async (_, input, path) => {
      const before = await db().count(Verification);

      await expect(
        enrolMember(db(), { email: anAddress(), ...input }, atTime(noon)),
      ).rejects.toEqual(refusal('INVALID', path));

      expect(await db().count(Verification)).toBe(before);
      expect(sent).toEqual([]);
    });
  });

  describe('verifyEmail', () => {
    it('makes the member of what was enrolled, and says so', async () => {
      const email = `Ada.${randomUUID()}@Example.com`;
      const { verificationId } = await enrolMember(
        db(),
        { email, displayName: ' Ada ', locale: 'de-de', marketingOptIn: true },
        atTime(noon),
      );

      const member = await verify(verificationId, codeIn(sent[0]!));

      expect(member).toMatchObject({
        status: 'ACTIVE',
        sandbox: false,
        displayName: 'Ada',
        email,
        emailKey: email.toLowerCase(),
        emailVerifiedAt: noon,
        locale: 'de-DE',
        marketingOptIn: true,
        joinedAt: noon,
      });
      expect(isByLuhn(member.memberNumber)).toBe(true);
      expect(await events(member.id)).toEqual([{ type: 'member.enrolled' }]);
    });

    it('gives a name that says nothing where none was chosen', async () => {
      const email = anAddress();

      const { verificationId } = await enrol(email);
      const member = await verify(verificationId, codeIn(sent[0]!));

      expect(member.displayName).toMatch(/^Member \d{4}$/);
      expect(member).toMatchObject({ locale: 'en', marketingOptIn: false });
    });

    it('refuses a wrong code, counts the try, and takes the right one after', async () => {
      const { verificationId } = await enrol(anAddress());
      const code = codeIn(sent[0]!);

      for (let tries = 1; tries <= 4; tries++) {
        await expect(verify(verificationId, another(code))).rejects.toEqual(
          refusal('INVALID', ['code']),
        );
        const kept = await db().findOneByOrFail(Verification, { id: verificationId });
        expect(kept).toMatchObject({ attempts: tries, memberId: null });
      }

      expect(await verify(verificationId, code)).toMatchObject({ status: 'ACTIVE' });
    });

    it('judges five codes and no more, not even the right one, also in parallel', async () => {
      const email = anAddress();
      const { verificationId } = await enrol(email);
      const code = codeIn(sent[0]!);

      const outcomes = await Promise.allSettled(
        Array.from({ length: 20 }, () => verify(verificationId, another(code))),
      );

      const codes = outcomes.map(
        (o) => o.status === 'rejected' && (o.reason as { code: string }).code,
      );
      expect(codes.filter((each) => each === 'INVALID')).toHaveLength(5);
      expect(codes.filter((each) => each === 'LIMIT_REACHED')).toHaveLength(15);
      await expect(verify(verificationId, code)).rejects.toEqual(
        refusal('LIMIT_REACHED', ['verificationId'], { limit: '5' }),
      );
      expect(await db().existsBy(Member, { emailKey: email })).toBe(false);
    });

    it('refuses a code after 15 minutes, and makes no member', async () => {
      const email = anAddress();
      const { verificationId } = await enrol(email);
      const code = codeIn(sent[0]!);

      await expect(verify(verificationId, code, new Date('2026-03-01T12:15:00Z'))).rejects.toEqual(
        refusal('EXPIRED', ['verificationId']),
      );

      expect(await db().existsBy(Member, { emailKey: email })).toBe(false);
      expect(await verify(verificationId, code, new Date('2026-03-01T12:14:59Z'))).toBeDefined();
    });

    it.each([
      ['an unknown verification', randomUUID(), '123456', refusal('NOT_FOUND', ['verificationId'])],
      ['what is no id', 'first', '123456', refusal('INVALID', ['verificationId'])],
      ['what is no code', randomUUID(), '12345', refusal('INVALID', ['code'])],
    ])('refuses %s, and changes nothing', async (_, verificationId, code, expected) => {
      const open = await enrol(anAddress());
      const members = await db().count(Member);

      await expect(verify(verificationId, code)).rejects.toEqual(expected);

      expect(await db().count(Member)).toBe(members);
      const kept = await db().findOneByOrFail(Verification, { id: open.verificationId });
      expect(kept).toMatchObject({ attempts: 0, usedAt: null });
    });

    it('gives the same member again for the same code, and no other code', async () => {
      const { verificationId } = await enrol(anAddress());
      const code = codeIn(sent[0]!);

      const first = await verify(verificationId, code);
      const second = await verify(verificationId, code, new Date('2026-03-01T12:14:59Z'));

      expect(second).toEqual(first);
      expect(await events(first.id)).toHaveLength(1);
      await expect(verify(verificationId, another(code))).rejects.toEqual(
        refusal('INVALID', ['code']),
      );
    });

    it('takes five codes and 15 minutes of a used verification too', async () => {
      const { verificationId } = await enrol(anAddress());
      const code = codeIn(sent[0]!);
      await verify(verificationId, code);

      await expect(verify(verificationId, code, new Date('2026-03-01T12:15:00Z'))).rejects.toEqual(
        refusal('EXPIRED', ['verificationId']),
      );
      for (let tries = 2; tries <= 5; tries++) {
        await expect(verify(verificationId, another(code))).rejects.toEqual(
          refusal('INVALID', ['code']),
        );
      }
      await expect(verify(verificationId, code)).rejects.toEqual(
        refusal('LIMIT_REACHED', ['verificationId'], { limit: '5' }),
      );
    });

    it('makes one member of parallel calls, and of two enrolments of one address', async () => {
      const email = anAddress();
      const first = await enrol(email);
      const second = await enrol(email.toUpperCase());
      const [firstCode, secondCode] = [codeIn(sent[0]!), codeIn(sent[1]!)];

      const members = await Promise.all([
        verify(first.verificationId, firstCode),
        verify(second.verificationId, secondCode),
        verify(first.verificationId, firstCode),
        verify(second.verificationId, secondCode),
      ]);

      expect(new Set(members.map(({ id }) => id)).size).toBe(1);
      expect(await db().countBy(Member, { emailKey: email })).toBe(1);
      expect(await events(members[0].id)).toEqual([{ type: 'member.enrolled' }]);
    });
  });

  describe('member numbers', () => {
    it('have 16 digits, the last by Luhn', async () => {
      const numbers = await Promise.all(Array.from({ length: 200 }, () => drawMemberNumber(db())));

      expect(numbers.filter((number) => !/^9\d{15}$/.test(number) || !isByLuhn(number))).toEqual(
        [],
      );
      expect(new Set(numbers).size).toBe(200);
    });

    it('are drawn again where one is taken', async () => {
      const id = await givenMemberAt(test, anAddress());
      const { memberNumber: taken } = await db().findOneByOrFail(Member, { id });
      const free = await drawMemberNumber(db());
      const draws = [taken, taken, free];
      const values = {
        displayName: 'Ada',
        email: anAddress(),
        emailVerifiedAt: noon,
        locale: 'en',
        marketingOptIn: false,
        joinedAt: noon,
      };

      const { member, isNew } = await insertMember(db(), values, () =>
        Promise.resolve(draws.shift()!),
      );

      expect(isNew).toBe(true);
      expect(member.memberNumber).toBe(free);
      expect(draws).toEqual([]);
    });
  });
});

/** Luhn's check as a table: what a digit counts where it is doubled. */
function isByLuhn(number: string): boolean {
  const doubled = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
  const sum = Array.from(number, Number).reduce(
    (total, digit, index) => total + (index % 2 === 0 ? doubled[digit]! : digit),
    0,
  );
  return number.length === 16 && sum % 10 === 0;
}
