/** What a member is found by, from whichever table. */
export interface MemberIdentifier {
  id: string;
  memberId: string;
  kind: 'MEMBER_NUMBER' | 'EMAIL' | 'PHONE' | 'PARTNER_ACCOUNT' | 'PAYMENT_CARD';
  value: string;
  partnerId: string | null;
  linkedAt: Date;
  verifiedAt: Date | null;
}
