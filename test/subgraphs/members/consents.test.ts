import { randomUUID } from 'node:crypto';
import { SetClock } from '../../../platform/clock.ts';
import type { ConsentScope } from '../../../platform/contract.generated.ts';
import { rows } from '../../../platform/database.ts';
import { grantConsent, revokeConsent } from '../../../subgraphs/members/consents/consents.ts';
import { Consent, Member } from '../../../subgraphs/members/entities.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenMember } from '../../support/given-members.ts';
import { givenPartner, givenStatus } from '../../support/given-partners.ts';
import { refusal } from '../../support/refusal.ts';

const noon = new Date('2026-03-01T12:00:00Z');
const anHourLater = new Date('2026-03-01T13:00:00Z');

describe('consents', () => {
  const test = useTestDatabase();
  const db = () => test.db('members');
  let memberId: string;
  let partnerId: string;
  beforeEach(async () => {
    memberId = await givenMember(test);
    partnerId = await givenPartner(test);
  });

  const grant = (scopes: ConsentScope[], at = noon) =>
    grantConsent(db(), { partnerId, scopes }, giver(at));
  const revoke = (at = noon) => revokeConsent(db(), { partnerId }, giver(at));
  const giver = (at: Date) => ({ memberId, clock: new SetClock(at) });
  const consent = () => db().findOneBy(Consent, { memberId, partnerId });
  const events = () =>
    rows<{ type: string; payload: object }>(
      test.owner(),
      `SELECT type, payload FROM platform.outbox
       WHERE member_id = $1 AND partner_id = $2 ORDER BY sequence`,
      [memberId, partnerId],
    );

  describe('grantConsent', () => {
    it('lets the partner do these things, and tells it', async () => {
      const member = await grant(['EARN', 'READ_BALANCE', 'EARN']);

      expect(member.id).toBe(memberId);
      expect(await consent()).toMatchObject({
        scopes: ['READ_BALANCE', 'EARN'],
        grantedAt: noon,
        revokedAt: null,
        version: 1,
      });
      expect(await events()).toEqual([
        { type: 'consent.granted', payload: { memberId, partnerId, scopes: 'READ_BALANCE EARN' } },
      ]);
    });

    it('replaces what the partner had', async () => {
      await grant(['EARN', 'SPEND']);

      await grant(['READ_PROFILE'], anHourLater);

      expect(await consent()).toMatchObject({
        scopes: ['READ_PROFILE'],
        grantedAt: anHourLater,
        version: 2,
      });
    });

    it('gives anew what was revoked', async () => {
      await grant(['EARN']);
      await revoke();

      await grant(['EARN'], anHourLater);

      expect(await consent()).toMatchObject({
        grantedAt: anHourLater,
        revokedAt: null,
        version: 3,
      });
    });

    it.each([
      ['no scope', { scopes: [] }, refusal('INVALID', ['scopes'])],
      ['an unknown partner', { partnerId: randomUUID() }, refusal('NOT_FOUND', ['partnerId'])],
      ['what is no id', { partnerId: 'SHOP' }, refusal('INVALID', ['partnerId'])],
    ])('refuses %s, and changes nothing', async (_, input, expected) => {
      await grant(['EARN']);
      const all = await db().countBy(Consent, { memberId });

      await expect(
        grantConsent(db(), { partnerId, scopes: ['SPEND'], ...input }, giver(anHourLater)),
      ).rejects.toEqual(expected);

      expect(await consent()).toMatchObject({ scopes: ['EARN'], version: 1 });
      expect(await db().countBy(Consent, { memberId })).toBe(all);
      expect(await events()).toHaveLength(1);
    });

    it.each(['DRAFT', 'SANDBOX', 'SUSPENDED', 'TERMINATED'] as const)(
      'finds no partner that is %s, whom the member may still take back from',
      async (status) => {
        await grant(['EARN']);
        await givenStatus(test, partnerId, status);

        await expect(grant(['SPEND'])).rejects.toEqual(refusal('NOT_FOUND', ['partnerId']));
        expect(await consent()).toMatchObject({ scopes: ['EARN'], version: 1 });

        await revoke();
        expect(await consent()).toMatchObject({ revokedAt: noon });
      },
    );

    it.each(['PROVISIONAL', 'SUSPENDED', 'CLOSED'] as const)(
      'refuses a member who is %s, and changes nothing',
      async (status) => {
        await db().update(Member, { id: memberId }, { status });

        await expect(grant(['EARN'])).rejects.toEqual(refusal('MEMBER_INACTIVE'));

        expect(await consent()).toBeNull();
        expect(await events()).toEqual([]);
      },
    );

    it('changes nothing when repeated, also in parallel', async () => {
      await Promise.all(Array.from({ length: 10 }, () => grant(['EARN', 'SPEND'])));
      await grant(['SPEND', 'EARN'], anHourLater);

      expect(await consent()).toMatchObject({ grantedAt: noon, version: 1 });
      expect(await events()).toHaveLength(1);
    });
  });

  describe('revokeConsent', () => {
    it('takes it back at once, and tells the partner', async () => {
      await grant(['EARN']);

      await revoke(anHourLater);

      expect(await consent()).toMatchObject({ revokedAt: anHourLater, version: 2 });
      expect((await events()).at(-1)).toEqual({
        type: 'consent.revoked',
        payload: { memberId, partnerId },
      });
    });

    it('changes nothing when repeated, also in parallel', async () => {
      await grant(['EARN']);

      await Promise.all(Array.from({ length: 10 }, () => revoke()));
      await revoke(anHourLater);

      expect(await consent()).toMatchObject({ revokedAt: noon, version: 2 });
      expect(await events()).toHaveLength(2);
    });

    it('is harmless where the partner had nothing, and leaves other partners alone', async () => {
      await grant(['EARN']);

      await revokeConsent(db(), { partnerId: randomUUID() }, giver(noon));

      expect(await consent()).toMatchObject({ revokedAt: null });
      expect(await events()).toHaveLength(1);
    });

    it('refuses what is no id, and changes nothing', async () => {
      await grant(['EARN']);

      await expect(revokeConsent(db(), { partnerId: 'SHOP' }, giver(noon))).rejects.toEqual(
        refusal('INVALID', ['partnerId']),
      );

      expect(await consent()).toMatchObject({ revokedAt: null, version: 1 });
      expect(await events()).toHaveLength(1);
    });
  });

  it('tell each change once, in whatever order they meet', async () => {
    await Promise.all([
      ...Array.from({ length: 5 }, () => grant(['EARN'])),
      ...Array.from({ length: 5 }, () => revoke()),
      ...Array.from({ length: 5 }, () => grant(['SPEND'])),
    ]);

    const told = await events();
    const stands = (await consent())!;
    expect(told).toHaveLength(stands.version);
    expect(told.at(-1)!.type).toBe(stands.revokedAt ? 'consent.revoked' : 'consent.granted');
  });
});
