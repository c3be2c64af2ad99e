import type { Refusal } from '../../../platform/errors.ts';
import type { Member } from '../membership/entities.ts';
import type { RiskAct } from './entities.ts';

/** What a member is about to do. */
export interface Act {
  /** That of the row that it will have. */
  id: string;
  action: Exclude<RiskAct['action'], 'UNKNOWN_RECEIVER'>;
  member: Pick<Member, 'id' | 'joinedAt'>;
  points: bigint;
  /** The currency that the points leave. */
  currency: string;
  /** Who gets them, where that is another member. */
  receiverId: string | null;
  /** When the member last entered a second factor. */
  steppedUpAt: Date | null;
  at: Date;
}

export type Decision = 'ALLOW' | 'STEP_UP' | 'HOLD_FOR_REVIEW' | 'DENY';

/** A rule that an act has met. */
export interface Finding {
  /** Its code. */
  reason: string;
  decision: Exclude<Decision, 'ALLOW'>;
  /** What the member is told; null where the act is held back. */
  refusal: Refusal | null;
}
