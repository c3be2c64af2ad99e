import { z } from 'zod';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import { emit } from '../../../platform/outbox.ts';
import { Member } from '../membership/entities.ts';
import { lockActive } from '../membership/members.ts';
import { statusOf } from '../partners.ts';
import { Consent } from './entities.ts';
import { answerRequest } from './requests.ts';
import { consentScopes } from './scopes.ts';

const grant = z.object({ partnerId: id, scopes: consentScopes });

const revocation = z.object({ partnerId: id });

/** The member who gives and takes back. */
interface Giver {
  memberId: string;
  clock: Clock;
}

/**
 * Lets a partner do these things for the member, and nothing else: it replaces what the partner had,
 * and answers what it asked for. The same scopes again change nothing.
 *
 * @throws Refusal INVALID no scope, or `partnerId` is no id; MEMBER_INACTIVE; NOT_FOUND there is no
 *   such partner that is LIVE
 */
export async function grantConsent(
  db: Database,
  input: z.input<typeof grant>,
  { memberId, clock }: Giver,
): Promise<Member> {
  const { partnerId, scopes } = parseInput(grant, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    // Locked: a membership that is being closed trusts nobody anew.
    const member = await lockActive(tx, memberId);
    await requireLivePartner(tx, partnerId);
    await answerRequest(tx, { memberId, partnerId }, at);
    const changed = await rows(
      tx,
      `INSERT INTO members.consent (member_id, partner_id, scopes, version, granted_at)
       VALUES ($1, $2, $3, 1, $4)
       ON CONFLICT (member_id, partner_id) DO UPDATE
       SET scopes = excluded.scopes, version = consent.version + 1,
           granted_at = excluded.granted_at, revoked_at = NULL
       WHERE consent.revoked_at IS NOT NULL OR consent.scopes <> excluded.scopes
       RETURNING version`,
      [memberId, partnerId, scopes, at],
    );
    if (changed.length > 0) {
      await emit(tx, {
        type: 'consent.granted',
        memberId,
        partnerId,
        payload: { memberId, partnerId, scopes: scopes.join(' ') },
        occurredAt: at,
      });
    }
    return member;
  });
}

/** A partner that is not LIVE looks to members as none. @throws Refusal NOT_FOUND */
export async function requireLivePartner(tx: Database, partnerId: string): Promise<void> {
  if ((await statusOf(tx, partnerId)) === 'LIVE') return;
  throw new Refusal('NOT_FOUND', 'This partner does not exist.', ['partnerId']);
}

/**
 * Takes back whatever the member let the partner do, at once. Harmless where that was nothing.
 *
 * @throws Refusal INVALID `partnerId` is no id
 */
export async function revokeConsent(
  db: Database,
  input: z.input<typeof revocation>,
  { memberId, clock }: Giver,
): Promise<Member> {
  const { partnerId } = parseInput(revocation, input);
  return transaction(db, async (tx) => {
    const at = await clock.now(tx);
    const member = await tx.findOneByOrFail(Member, { id: memberId });
    const { affected } = await tx
      .createQueryBuilder()
      .update(Consent)
      .set({ revokedAt: at, version: () => 'version + 1' })
      .where('member_id = :memberId AND partner_id = :partnerId AND revoked_at IS NULL', {
        memberId,
        partnerId,
      })
      .execute();
    if (affected === 1) {
      await emit(tx, {
        type: 'consent.revoked',
        memberId,
        partnerId,
        payload: { memberId, partnerId },
        occurredAt: at,
      });
    }
    return member;
  });
}
