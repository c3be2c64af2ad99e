import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Message } from '../../../platform/mail.ts';
import { Member } from '../../../subgraphs/members/entities.ts';
import { changeEmail } from '../../../subgraphs/members/membership/addresses.ts';
import { enrolMember, verifyEmail } from '../../../subgraphs/members/membership/enrolment.ts';
import { updateProfile } from '../../../subgraphs/members/membership/profiles.ts';
import { useTestDatabase } from '../../support/database.ts';
import { codeIn, givenMember, givenMemberAt } from '../../support/given-members.ts';
import { keptMail } from '../../support/mail.ts';
import { refusal } from '../../support/refusal.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const minutes = (count: number) => new Date(noon.getTime() + count * 60_000);

describe('what a member tells of themselves', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let mail: ReturnType<typeof keptMail>;
  let sent: Message[];
  beforeEach(() => ({ sent } = mail = keptMail()));

  const anAddress = () => `${randomUUID()}@example.com`;
  const row = (id: string) => db().findOneByOrFail(Member, { id });
  const changesOf = async (memberId: string) =>
    (
      await rows(
        test.owner(),
        `SELECT FROM platform.outbox WHERE member_id = $1 AND type = 'member.changed'`,
        [memberId],
      )
    ).length;
  const suspend = (id: string) => db().update(Member, { id }, { status: 'SUSPENDED' });

  describe('updateProfile', () => {
    const update = (
      memberId: string,
      input: Parameters<typeof updateProfile>[1],
      at: Date = noon,
    ) => updateProfile(db(), input, { memberId, clock: new SetClock(at) });

    const everything = {
      displayName: 'Ada L.',
      givenName: 'Ada',
      familyName: 'Lovelace',
      phone: '+49 30 901820',
      birthday: '1990-02-28',
      locale: 'de-de',
      marketingOptIn: true,
      showLevel: false,
    };
    const told = { ...everything, phone: '+4930901820', locale: 'de-DE' };

    it('changes what is told, keeps what is left out, and empties what is null', async () => {
      const id = await givenMember(test);

      expect(await update(id, everything)).toMatchObject(told);
      expect(await row(id)).toMatchObject(told);

      await update(id, { givenName: ' Augusta Ada ' });
      expect(await row(id)).toMatchObject({ ...told, givenName: 'Augusta Ada' });

      const nothing = Object.fromEntries(Object.keys(everything).map((field) => [field, null]));
      await update(id, nothing);
      expect(await row(id)).toMatchObject({
        displayName: expect.stringMatching(/^Member \d{4}$/),
        givenName: null,
        familyName: null,
        phone: null,
        birthday: null,
        locale: 'en',
        marketingOptIn: false,
        showLevel: true,
      });
    });

    it('changes nothing when the same is told again, and says what it changed once', async () => {
      const id = await givenMember(test);

      await update(id, everything);
      await update(id, everything);

      expect(await changesOf(id)).toBe(1);
    });

    it.each([
      ['displayName', { displayName: ' ' }],
      ['familyName', { familyName: 'x'.repeat(201) }],
      ['locale', { locale: 'deutsch, bitte' }],
      ['phone', { phone: '030 901820' }],
      ['phone', { phone: '+49 1' }],
      ['birthday', { birthday: '1899-12-31' }],
      // It is the 2nd already in Berlin, where the program is, and not the 3rd.
      ['birthday', { birthday: '2026-03-03' }],
    ])('refuses a %s that is none, and changes nothing', async (field, input) => {
      const id = await givenMember(test);
      const before = await row(id);

      await expect(
        update(id, { givenName: 'Ada', ...input }, new Date('2026-03-01T23:30:00Z')),
      ).rejects.toEqual(refusal('INVALID', [field]));

      expect(await row(id)).toEqual(before);
    });

    it('takes the birthday of who was born today', async () => {
      const id = await givenMember(test);

      await update(id, { birthday: '2026-03-02' }, new Date('2026-03-01T23:30:00Z'));

      expect(await row(id)).toMatchObject({ birthday: '2026-03-02' });
    });

    it('is for active members', async () => {
      const id = await givenMember(test);
      await suspend(id);

      await expect(update(id, { givenName: 'Ada' })).rejects.toEqual(refusal('MEMBER_INACTIVE'));
    });

    it('loses nothing where two tell different things at once', async () => {
      const id = await givenMember(test);

      await Promise.all([update(id, { givenName: 'Ada' }), update(id, { familyName: 'Lovelace' })]);

      expect(await row(id)).toMatchObject({ givenName: 'Ada', familyName: 'Lovelace' });
    });
  });

  describe('changeEmail', () => {
    const change = (memberId: string, email: string, at = noon) =>
      changeEmail(db(), { email }, { memberId, steppedUpAt: at, clock: new SetClock(at), mail });
    const verify = (verificationId: string, code: string, at = noon) =>
      verifyEmail(db(), { verificationId, code }, { clock: new SetClock(at) });
    const mailsTo = (address: string) => sent.filter(({ to }) => to === address);

    it('asks for a fresh proof: who has the address has the account', async () => {
      const id = await givenMember(test);
      const by = { memberId: id, clock: new SetClock(noon), mail };
      const before = sent.length;

      for (const steppedUpAt of [null, new Date(noon.getTime() - 5 * 60_000)]) {
        await expect(
          changeEmail(db(), { email: anAddress() }, { ...by, steppedUpAt }),
        ).rejects.toEqual(refusal('STEP_UP_REQUIRED'));
      }

      expect(sent).toHaveLength(before);
    });

    it('moves the membership once the new address is proven, and tells the old one', async () => {
      const [old, fresh] = [anAddress(), anAddress()];
      const id = await givenMemberAt(test, old);

      const { verificationId } = await change(id, fresh);

      expect(mailsTo(old)).toEqual([
        expect.objectContaining({ subject: 'Your address is about to change' }),
      ]);
      expect(mailsTo(old)[0]!.text).not.toMatch(/\d{6}/);
      expect(await row(id)).toMatchObject({ email: old });

      const code = codeIn(mailsTo(fresh)[0]!);
      expect(await verify(verificationId, code, minutes(14))).toMatchObject({ id, email: fresh });
      expect(await row(id)).toMatchObject({
        email: fresh,
        emailKey: fresh,
        emailVerifiedAt: minutes(14),
      });

      // Again, the same; it happened once.
      expect(await verify(verificationId, code, minutes(14))).toMatchObject({ id, email: fresh });
      expect(await changesOf(id)).toBe(1);
      // The old one is free for another membership.
      expect(await givenMemberAt(test, old)).not.toBe(id);
    });

    it('says nothing of an address that another has, whose owner is told', async () => {
      const taken = anAddress();
      await givenMemberAt(test, taken);
      const id = await givenMember(test);

      const toTaken = await change(id, taken);
      const toFree = await change(id, anAddress());

      expect(Object.keys(toTaken)).toEqual(Object.keys(toFree));
      expect(mailsTo(taken)).toEqual([
        expect.objectContaining({ subject: 'You are a member already' }),
      ]);
      await expect(verify(toTaken.verificationId, '123456')).rejects.toEqual(
        refusal('INVALID', ['code']),
      );
    });

    it('refuses the member’s own address, what is none, and a member who is not active', async () => {
      const own = anAddress();
      const id = await givenMemberAt(test, own);

      await expect(change(id, own.toUpperCase())).rejects.toEqual(refusal('INVALID', ['email']));
      await expect(change(id, 'ada at example.com')).rejects.toEqual(refusal('INVALID', ['email']));
      await suspend(id);
      await expect(change(id, anAddress())).rejects.toEqual(refusal('MEMBER_INACTIVE'));
      expect(sent).toEqual([]);
    });

    it('is asked for five times within an hour at most, also at once', async () => {
      const id = await givenMember(test);

      const asked = await Promise.allSettled(
        Array.from({ length: 7 }, () => change(id, anAddress())),
      );

      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      const limit = refusal('LIMIT_REACHED', ['email'], { limit: '5', retryAt: minutes(60) });
      const reasons = asked.flatMap((each) =>
        each.status === 'rejected' ? [each.reason as unknown] : [],
      );
      expect(reasons).toEqual([limit, limit]);
      await change(id, anAddress(), minutes(60));
    });

    it('gives an address that several ask for to one of them', async () => {
      const fresh = anAddress();
      const ids = [await givenMember(test), await givenMember(test)];
      const asked = [
        ...(await Promise.all(ids.map((id) => change(id, fresh)))),
        await enrolMember(db(), { email: fresh }, { clock: new SetClock(noon), mail }),
      ];
      // Which mail is whose is not told: each code is tried, at most three for each.
      const codes = mailsTo(fresh).map(codeIn);

      const ended = await Promise.all(
        asked.map(async ({ verificationId }) => {
          for (const code of codes) {
            const [end] = await Promise.allSettled([verify(verificationId, code)]);
            const isWrong = end.status === 'rejected' && end.reason.inputPath[0] === 'code';
            if (!isWrong) return end;
          }
          throw new Error('None of the codes was right.');
        }),
      );

      const holders = await db().findBy(Member, { emailKey: fresh });
      expect(holders).toHaveLength(1);
      const verified = ended.flatMap((end) => (end.status === 'fulfilled' ? [end.value.id] : []));
      const reasons = ended.flatMap((end) =>
        end.status === 'rejected' ? [end.reason as unknown] : [],
      );
      expect(new Set(verified)).toEqual(new Set([holders[0]!.id]));
      expect(reasons).toEqual(reasons.map(() => refusal('CONFLICT')));
    });
  });
});
