import { randomUUID } from 'node:crypto';
import { SetClock } from '../../platform/clock.ts';
import {
  type CaptureHold,
  captureHold,
  releaseHold,
} from '../../subgraphs/members/holds/captures.ts';
import { type HoldPoints, holdPoints } from '../../subgraphs/members/holds/placing.ts';
import { type RefundCapture, refundCapture } from '../../subgraphs/members/holds/refunds.ts';
import type { TestDatabase } from './database.ts';
import { givenConsent, givenMember } from './given-members.ts';
import { givenPartner } from './given-partners.ts';
import { partnerViewer } from './subgraph.ts';

/** A partner's till, and what it asks: keys that the test does not care about are new each time. */
export function tillOf(
  test: TestDatabase,
  partnerId: string,
  { at, sandbox = false }: { at: Date; sandbox?: boolean },
) {
  const db = () => test.db('members');
  const clock = new SetClock(at);
  const how = { by: { partnerId, sandbox }, clock };
  return {
    partnerId,
    clock,
    hold: (memberId: string, asked: Partial<HoldPoints> = { points: 100n }) =>
      holdPoints(
        db(),
        {
          member: { id: memberId },
          reference: randomUUID(),
          idempotencyKey: randomUUID(),
          ...asked,
        },
        how,
      ),
    capture: (id: string, asked: Partial<CaptureHold> = {}) =>
      captureHold(db(), { id, idempotencyKey: randomUUID(), ...asked }, how),
    release: (id: string, idempotencyKey: string = randomUUID()) =>
      releaseHold(db(), { id, idempotencyKey }, how),
    refund: (id: string, asked: Partial<RefundCapture> = {}) =>
      refundCapture(
        db(),
        { id, refundReference: randomUUID(), ...asked },
        { viewer: { ...partnerViewer(partnerId), sandbox }, clock },
      ),
  };
}

interface Given {
  at: Date;
  /** Of the member. */
  points?: bigint;
  /** At which the partner redeems a point. */
  rate?: string;
  /** A partner that is there already. */
  partnerId?: string;
}

/** A LIVE partner's till, and a member with points who lets it do everything. */
export async function givenTill(
  test: TestDatabase,
  { at, points = 500n, rate = '0.0080', partnerId }: Given,
) {
  const own = partnerId ?? (await givenPartner(test, { contract: { redemptionRate: rate } }));
  const memberId = await givenMember(test, points, undefined, at);
  await givenConsent(test, memberId, own);
  return { memberId, till: tillOf(test, own, { at }) };
}
