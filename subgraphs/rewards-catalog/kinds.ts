/** Kinds whose units are codes, made when a member redeems them. */
const codeKinds = ['VOUCHER', 'GIFT_CARD', 'DISCOUNT'] as const;

/** What rewards are; of the rest, the partner delivers each unit. */
export const rewardKinds = [
  'PRODUCT',
  ...codeKinds,
  'FLIGHT',
  'NIGHT',
  'UPGRADE',
  'EXPERIENCE',
  'EVENT',
  'EARLY_ACCESS',
  'STATEMENT_CREDIT',
  'MEMBERSHIP',
] as const;

export type RewardKind = (typeof rewardKinds)[number];

/** Whether each unit of such a reward is a code. */
export function isCode(kind: RewardKind): boolean {
  return (codeKinds as readonly RewardKind[]).includes(kind);
}
