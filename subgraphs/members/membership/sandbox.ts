import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { adjustPoints, testCurrency } from '../../../ledger/index.ts';
import { recordAct } from '../../../platform/audit-log.ts';
import type { Clock } from '../../../platform/clock.ts';
import type { ConsentScope } from '../../../platform/contract.generated.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { parseInput, title } from '../../../platform/input.ts';
import { type Viewer, requirePartner } from '../../../platform/viewer.ts';
import { Consent } from '../consents/entities.ts';
import type { Member } from './entities.ts';
import { insertMember } from './members.ts';

const sandboxMember = z.object({
  displayName: title,
  // The SDL's own default comes as a number.
  points: z.coerce
    .bigint<bigint | number>()
    .min(0n, 'must be 0 or more')
    .max(10n ** 12n, 'must be 10^12 or less')
    .nullish(),
});

/** How many test members a partner has at most. */
const sandboxMembersMax = 1_000;

const allScopes: ConsentScope[] = ['READ_BALANCE', 'READ_PROFILE', 'EARN', 'SPEND'];

/**
 * Makes a member of the sandbox for the partner that asks, who trusts it with everything, and has
 * points to try with, which are of a currency of their own: they cost nobody anything, and no report counts
 * them. Each call makes another.
 *
 * @throws Refusal INVALID; NOT_ALLOWED to a live client; LIMIT_REACHED the partner has too many
 */
export async function createSandboxMember(
  db: Database,
  input: z.input<typeof sandboxMember>,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Member> {
  const partnerId = requirePartner(viewer);
  const { displayName, points: given } = parseInput(sandboxMember, input);
  if (!viewer.sandbox) throw new Refusal('NOT_ALLOWED', 'Only a test client can do this.');
  return transaction(db, async (tx) => {
    await requireRoom(tx, partnerId);
    const at = await clock.now(tx);
    const { member } = await insertMember(tx, {
      displayName,
      email: `${randomUUID()}@sandbox.invalid`,
      emailVerifiedAt: at,
      locale: 'en',
      marketingOptIn: false,
      joinedAt: at,
      sandbox: true,
    });
    await tx.insert(Consent, {
      memberId: member.id,
      partnerId,
      scopes: allScopes,
      version: 1,
      grantedAt: at,
    });
    if (given) {
      const key = randomUUID();
      await adjustPoints(tx, {
        memberId: member.id,
        key,
        currency: testCurrency,
        points: given,
        source: { kind: 'adjustment', id: key },
        description: 'To try with',
        at,
      });
    }
    await recordAct(tx, viewer, {
      action: 'createSandboxMember',
      subject: { type: 'Member', id: member.id },
      after: { displayName, points: given ?? 0n },
      at,
    });
    return member;
  });
}

/** One call of a partner at a time, or parallel ones would all find room for one more. */
async function requireRoom(tx: Database, partnerId: string): Promise<void> {
  await rows(tx, 'SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`sandbox ${partnerId}`]);
  const [made] = await rows<{ count: number }>(
    tx,
    `SELECT count(*)::integer AS count FROM members.consent c
     JOIN members.member m ON m.id = c.member_id WHERE c.partner_id = $1 AND m.sandbox`,
    [partnerId],
  );
  if (made!.count < sandboxMembersMax) return;
  throw new Refusal('LIMIT_REACHED', 'The partner has too many test members.', [], {
    limit: String(sandboxMembersMax),
  });
}
