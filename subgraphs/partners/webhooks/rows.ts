/** What webhooks tell of, as the contract names it. */
export const webhookEvents = [
  'ACTIVITY_POSTED',
  'ACTIVITY_REFUNDED',
  'HOLD_EXPIRED',
  'REDEMPTION_CONFIRMED',
  'REDEMPTION_CANCELLED',
  'CONSENT_GRANTED',
  'CONSENT_REVOKED',
  'MEMBER_ERASED',
  'CREDIT_ALERT',
  'CLAIM_OPENED',
  'IMPORT_FINISHED',
  'STATEMENT_ISSUED',
  'LEDGER_SEALED',
  'TEST',
] as const;

export type WebhookEvent = (typeof webhookEvents)[number];

export type DeliveryStatus = 'WAITING' | 'DELIVERED' | 'DEAD';
