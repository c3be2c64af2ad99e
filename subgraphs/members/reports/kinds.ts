/** The contract's measures. */
export const goalMeasures = [
  'RETENTION',
  'CHURN',
  'AVERAGE_ORDER_VALUE',
  'REDEMPTION_RATE',
  'LIFETIME_VALUE',
  'ENGAGEMENT',
  'SATISFACTION',
  'REFERRALS',
] as const;

/** The contract's kinds, in its order. */
export const costKinds = ['TECHNOLOGY', 'MARKETING', 'MANAGEMENT', 'REWARDS', 'SERVICE'] as const;
