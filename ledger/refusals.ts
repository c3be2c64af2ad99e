import { Refusal } from '../platform/errors.ts';
import type { Answer } from './commands.ts';

/**
 * What the ledger's answer is for a client, where it is a refusal.
 *
 * @param required what the command would have needed, where it names points
 * @returns null where the command was posted, now or before
 */
export function refusalOf(
  answer: Pick<Answer, 'outcome' | 'available'>,
  required?: bigint,
): Refusal | null {
  const { outcome, available } = answer;
  switch (outcome) {
    case 'POSTED':
    case 'REPEATED':
      return null;
    case 'INSUFFICIENT_POINTS':
      return new Refusal('INSUFFICIENT_POINTS', 'The balance is too low.', [], {
        available: available!,
        ...(required !== undefined && { required }),
      });
    case 'IDEMPOTENCY_MISMATCH':
      return new Refusal(
        'IDEMPOTENCY_MISMATCH',
        'This key was used for another movement of points.',
      );
    case 'LIMIT_REACHED':
      return new Refusal('LIMIT_REACHED', 'The balance would be more than a balance can be.', [], {
        limit: String(Number.MAX_SAFE_INTEGER),
      });
    case 'TOO_MANY':
      return new Refusal('INVALID', 'These are more points than there are left.', ['points'], {
        available: available!,
        ...(required !== undefined && { required }),
      });
    default: {
      const plain = plainRefusals[outcome];
      if (!plain) throw new Error(`The ledger answered ${outcome}.`);
      return new Refusal(plain[0], plain[1]);
    }
  }
}

const plainRefusals: Record<string, [Refusal['code'], string]> = {
  NOT_SPENDABLE: ['NOT_ALLOWED', 'Points of this currency cannot be spent.'],
  NOT_FOUND: ['NOT_FOUND', 'There is no such movement of points.'],
  EXPIRED: ['EXPIRED', 'The hold has expired.'],
  HOLD_ENDED: ['CONFLICT', 'The hold has been captured or released.'],
  ALREADY_REVERSED: ['ALREADY_REVERSED', 'All of it has been taken back or given back.'],
  NO_RATE: ['NOT_FOUND', 'Points cannot be converted between these currencies.'],
  CONVERSION_ENDED: ['CONFLICT', 'The conversion has been confirmed or reversed.'],
  HELD: ['CONFLICT', 'A till holds some of these points.'],
  CONVERTING: ['CONFLICT', 'Some of these points are on their way to another program.'],
  ALREADY_ACTIVE: ['CONFLICT', 'These points can be spent already.'],
};
