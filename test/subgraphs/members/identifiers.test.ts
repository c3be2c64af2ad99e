import { randomInt, randomUUID } from 'node:crypto';
import { databaseClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import { resolveMember } from '../../../platform/members.ts';
import { anonymous } from '../../../platform/viewer.ts';
import { Member } from '../../../subgraphs/members/entities.ts';
import {
  confirmIdentifier,
  linkIdentifier,
  unlinkIdentifier,
} from '../../../subgraphs/members/identifiers/links.ts';
import { identifiersOf, maskedOf } from '../../../subgraphs/members/identifiers/lists.ts';
import { testConfig } from '../../support/config.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner, givenAgreed } from '../../support/given-partners.ts';
import { type Prover, aProof, givenProver } from '../../support/given-proofs.ts';
import { keptTexts } from '../../support/mail.ts';
import { refusal } from '../../support/refusal.ts';

describe('what a member is found by', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  const { audience } = testConfig();
  let texts: ReturnType<typeof keptTexts>;
  let partnerId: string;
  let prover: Prover;
  beforeAll(async () => {
    partnerId = await givenPartner(test);
    prover = await givenProver(test, partnerId);
  });
  beforeEach(() => (texts = keptTexts()));

  const aPhone = () => `+4915112${String(randomInt(1_000_000)).padStart(6, '0')}`;
  const by = (memberId: string) => ({ memberId, clock: databaseClock, audience });
  const link = (memberId: string, input: object) =>
    linkIdentifier(db(), input as never, { ...by(memberId), texts });
  const confirm = (memberId: string, id: string, code: string) =>
    confirmIdentifier(db(), { id, code }, by(memberId));
  const unlink = (memberId: string, id: string) => unlinkIdentifier(db(), { id }, by(memberId));
  const find = (ref: object) => resolveMember(db(), ref as never, { ...anonymous, partnerId });
  const own = async (memberId: string) => {
    const all = await identifiersOf(db(), [memberId], new Date());
    return all
      .slice(2)
      .map(({ kind, value, verifiedAt }) => ({ kind, value, verified: !!verifiedAt }));
  };
  const codeTo = (phone: string) =>
    /\d{6}/.exec(texts.sent.findLast(({ to }) => to === phone)!.text)![0];
  const another = (code: string) => (code === '000000' ? '000001' : '000000');
  const account = async (sub: string) => ({
    kind: 'PARTNER_ACCOUNT',
    value: sub,
    partnerId,
    proof: await aProof(prover, { kind: 'PARTNER_ACCOUNT', sub }),
  });

  it('is the number and the address from the beginning, masked', async () => {
    const id = await givenMember(test);
    const { memberNumber, email } = await db().findOneByOrFail(Member, { id });

    const all = await identifiersOf(db(), [id], new Date());

    expect(all).toMatchObject([
      { kind: 'MEMBER_NUMBER', value: memberNumber, verifiedAt: expect.any(Date) },
      { kind: 'EMAIL', value: email, verifiedAt: expect.any(Date) },
    ]);
    expect(maskedOf(memberNumber)).toBe(`••••${memberNumber.slice(12)}`);
    expect(['1', '12', '1234', '1234567'].map(maskedOf)).toEqual([
      '••••',
      '••••2',
      '••••34',
      '••••567',
    ]);
  });

  describe('a phone', () => {
    it('finds the member once its code is told, and nobody before', async () => {
      const [id, phone] = [await givenMember(test), aPhone()];

      const { identifier } = await link(id, { kind: 'PHONE', value: phone.replace('+49', '+49 ') });
      expect(identifier).toMatchObject({ kind: 'PHONE', value: phone, verifiedAt: null });
      expect(await find({ phone })).toBeNull();

      const done = await confirm(id, identifier.id, codeTo(phone));
      expect(done.identifier).toMatchObject({ id: identifier.id, verifiedAt: expect.any(Date) });
      expect(await find({ phone })).toBe(id);

      // Again, in both ways: nothing new, and no code.
      await confirm(id, identifier.id, '000000');
      expect((await link(id, { kind: 'PHONE', value: phone })).identifier.id).toBe(identifier.id);
      expect(texts.sent).toHaveLength(1);
      expect(await own(id)).toEqual([{ kind: 'PHONE', value: phone, verified: true }]);
    });

    it('takes five codes, right or wrong, also at once, and the last one that was sent', async () => {
      const [id, phone] = [await givenMember(test), aPhone()];
      const first = await link(id, { kind: 'PHONE', value: phone });
      const old = codeTo(phone);
      const { identifier } = await link(id, { kind: 'PHONE', value: phone });
      const code = codeTo(phone);

      await expect(confirm(id, first.identifier.id, old)).rejects.toEqual(
        refusal('EXPIRED', ['id']),
      );
      const tried = await Promise.allSettled(
        Array.from({ length: 7 }, () => confirm(id, identifier.id, another(code))),
      );
      const codes = tried.map((each) => (each as PromiseRejectedResult).reason.code as string);
      expect(codes.filter((each) => each === 'INVALID')).toHaveLength(5);
      await expect(confirm(id, identifier.id, code)).rejects.toEqual(
        refusal('LIMIT_REACHED', ['id'], { limit: '5' }),
      );
      expect(await find({ phone })).toBeNull();
    });

    it('gets five codes within an hour at most, whoever asks', async () => {
      const phone = aPhone();
      const ids = await Promise.all(Array.from({ length: 7 }, () => givenMember(test)));

      const asked = await Promise.allSettled(
        ids.map((id) => link(id, { kind: 'PHONE', value: phone })),
      );

      expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(5);
      expect(texts.sent).toHaveLength(5);
    });

    it('belongs to one of two who prove it at once', async () => {
      const phone = aPhone();
      const ids = [await givenMember(test), await givenMember(test)];
      const waiting = [];
      for (const id of ids) {
        const { identifier } = await link(id, { kind: 'PHONE', value: phone });
        waiting.push({ id, linkedId: identifier.id, code: codeTo(phone) });
      }

      const ended = await Promise.allSettled(
        waiting.map(({ id, linkedId, code }) => confirm(id, linkedId, code)),
      );

      const winner = ended.findIndex(({ status }) => status === 'fulfilled');
      const loser = ended[1 - winner] as PromiseRejectedResult;
      expect(loser.reason).toEqual(refusal('CONFLICT', ['value']));
      expect(JSON.stringify(loser.reason)).not.toContain(ids[winner]);
      expect(await find({ phone })).toBe(ids[winner]);
    });
  });

  describe('an account or a card', () => {
    it('is linked at once with a proof of the partner, and found by it', async () => {
      const [id, number] = [await givenMember(test), randomUUID()];

      const { identifier } = await link(id, await account(number));

      expect(identifier).toMatchObject({ value: number, partnerId, verifiedAt: expect.any(Date) });
      expect(await find({ partnerAccount: number })).toBe(id);
      expect((await link(id, await account(number))).identifier.id).toBe(identifier.id);

      const token = randomUUID();
      await link(id, {
        kind: 'PAYMENT_CARD',
        value: token,
        partnerId,
        proof: await aProof(prover, { kind: 'PAYMENT_CARD', sub: token }),
      });
      expect(await find({ paymentCard: token })).toBe(id);
    });

    it('waits where the partner gives its proof later', async () => {
      const [id, token] = [await givenMember(test), randomUUID()];

      const { identifier } = await link(id, { kind: 'PAYMENT_CARD', value: token, partnerId });
      expect(await find({ paymentCard: token })).toBeNull();
      expect(await own(id)).toEqual([{ kind: 'PAYMENT_CARD', value: token, verified: false }]);

      await expect(confirm(id, identifier.id, '123456')).rejects.toEqual(
        refusal('INVALID', ['code']),
      );
      await confirm(id, identifier.id, await aProof(prover, { kind: 'PAYMENT_CARD', sub: token }));
      expect(await find({ paymentCard: token })).toBe(id);
      expect(texts.sent).toEqual([]);
    });

    it('of another member is refused, without a word whose it is, also at once', async () => {
      const number = randomUUID();
      const ids = [await givenMember(test), await givenMember(test)];
      const asked = await account(number);

      const ended = await Promise.allSettled(ids.map((id) => link(id, asked)));

      const winner = ended.findIndex(({ status }) => status === 'fulfilled');
      const { reason } = ended[1 - winner] as PromiseRejectedResult;
      expect(reason).toEqual(refusal('CONFLICT', ['value']));
      expect(JSON.stringify(reason)).not.toContain(ids[winner]);
      expect(await find({ partnerAccount: number })).toBe(ids[winner]);
      expect(await own(ids[1 - winner]!)).toEqual([]);
    });

    it('finds nobody for another partner, and nobody in the sandbox', async () => {
      const [id, number] = [await givenMember(test), randomUUID()];
      await link(id, await account(number));
      const ref = { partnerAccount: number };
      const other = await givenPartner(test);

      expect(await resolveMember(db(), ref, { partnerId: other, sandbox: false })).toBeNull();
      expect(await resolveMember(db(), ref, { partnerId, sandbox: true })).toBeNull();
    });

    it('is not linked by what is no proof of it', async () => {
      const [id, sub, kind] = [await givenMember(test), randomUUID(), 'PARTNER_ACCOUNT'];
      const stranger = await givenProver(test, await givenPartner(test));
      const reporter = await givenProver(test, partnerId, ['ACCRUALS_WRITE']);
      const now = Math.floor(Date.now() / 1_000);

      for (const [code, proof] of [
        ['INVALID', 'none'],
        ['INVALID', await aProof(prover, { kind, sub: randomUUID() })],
        ['INVALID', await aProof(prover, { kind: 'PAYMENT_CARD', sub })],
        ['INVALID', await aProof(prover, { kind, sub, aud: 'https://elsewhere.example' })],
        ['INVALID', await aProof(prover, { kind, sub, exp: now + 3_600 })],
        ['INVALID', await aProof(stranger, { kind, sub })],
        ['INVALID', await aProof(stranger, { kind, sub, iss: prover.clientId })],
        ['INVALID', await aProof(reporter, { kind, sub })],
        ['EXPIRED', await aProof(prover, { kind, sub, exp: now - 60 })],
      ] as const) {
        await expect(link(id, { kind, value: sub, partnerId, proof })).rejects.toEqual(
          refusal(code, ['proof']),
        );
      }
      expect(await own(id)).toEqual([]);
    });
  });

  it.each([
    ['a card’s number', { kind: 'PAYMENT_CARD', value: '4111 1111-1111 1111' }, 'value'],
    ['a phone without its country', { kind: 'PHONE', value: '0151 12345678' }, 'value'],
    [
      'a phone at a partner',
      { kind: 'PHONE', value: '+4915112345678', partnerId: '' },
      'partnerId',
    ],
    ['an account without its partner', { kind: 'PARTNER_ACCOUNT', value: '1' }, 'partnerId'],
    ['a number with a wrong digit', { kind: 'MEMBER_NUMBER', value: '9000000000000002' }, 'value'],
  ])('refuses %s', async (_, input, path) => {
    const id = await givenMember(test);
    const given = input.kind === 'PAYMENT_CARD' ? { ...input, partnerId } : input;

    await expect(link(id, given)).rejects.toEqual(refusal('INVALID', [path]));
    expect(await own(id)).toEqual([]);
  });

  it('is not what comes with the membership, nor at a partner that is not live', async () => {
    const id = await givenMember(test);

    for (const input of [
      { kind: 'MEMBER_NUMBER', value: '9000 0000 0000 0001' },
      { kind: 'EMAIL', value: 'ada@example.com' },
      { kind: 'WALLET_TOKEN', value: 'x' },
    ]) {
      await expect(link(id, input)).rejects.toEqual(refusal('NOT_ALLOWED', ['kind']));
    }
    await expect(
      link(id, { kind: 'PARTNER_ACCOUNT', value: '1', partnerId: await givenAgreed(test) }),
    ).rejects.toEqual(refusal('NOT_FOUND', ['partnerId']));
    await db().update(Member, { id }, { status: 'SUSPENDED' });
    await expect(link(id, { kind: 'PHONE', value: aPhone() })).rejects.toEqual(
      refusal('MEMBER_INACTIVE'),
    );
  });

  describe('unlinkIdentifier', () => {
    it('lets others link it, and keeps what comes with the membership', async () => {
      const [id, other, number] = [await givenMember(test), await givenMember(test), randomUUID()];
      const { identifier } = await link(id, await account(number));

      await expect(unlink(other, identifier.id)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      await unlink(id, identifier.id);
      expect(await find({ partnerAccount: number })).toBeNull();
      await expect(unlink(id, identifier.id)).rejects.toEqual(refusal('NOT_FOUND', ['id']));
      await link(other, await account(number));
      expect(await find({ partnerAccount: number })).toBe(other);

      const [memberNumber] = await identifiersOf(db(), [id], new Date());
      await expect(unlink(id, memberNumber!.id)).rejects.toEqual(refusal('NOT_ALLOWED', ['id']));
    });
  });

  it('gives no more tries and texts to who unlinks what waits, and links it again', async () => {
    const id = await givenMember(test);
    const phone = { kind: 'PHONE' as const, value: aPhone() };
    for (let starts = 0; starts < 5; starts++) {
      const { identifier } = await link(id, phone);
      await unlink(id, identifier.id);
    }

    await expect(link(id, phone)).rejects.toEqual(refusal('LIMIT_REACHED', ['value']));
    expect((await own(id)).map(({ kind }) => kind)).not.toContain('PHONE');
  });

  it('is forgotten a day after nobody proved it', async () => {
    const id = await givenMember(test);
    await link(id, { kind: 'PHONE', value: aPhone() });
    const [done] = [await link(id, await account(randomUUID()))];
    await rows(
      test.owner(),
      `UPDATE members.identifier SET expires_at = now() - interval '1 day' WHERE member_id = $1`,
      [id],
    );

    await rows(test.db('worker'), 'SELECT members.clear_identifiers(1000)');

    expect(
      await rows(test.owner(), 'SELECT FROM members.identifier WHERE member_id = $1', [id]),
    ).toEqual([]);
    expect(await own(id)).toMatchObject([{ value: done!.identifier.value, verified: true }]);
  });
});
