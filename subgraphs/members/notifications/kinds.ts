/** What a member may be told of, in the contract's order. */
export const kinds = [
  'BALANCE',
  'EXPIRY',
  'TIER',
  'OFFER',
  'REDEMPTION',
  'TRANSFER',
  'HOUSEHOLD',
  'COMMUNITY',
  'BIRTHDAY',
  'THANK_YOU',
  'SECURITY',
] as const;

export const channels = ['IN_APP', 'EMAIL'] as const;
