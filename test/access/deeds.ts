import { codeIn } from '../support/given-members.ts';
import { invitationIn } from '../support/given-households.ts';
import type { Message } from '../../platform/mail.ts';
import type { Sown } from './sown.ts';

/** A mutation that somebody carries out who may. */
export interface Deed {
  name: string;
  /** The caller's letter. */
  by: string;
  given: object;
}

/** What payloads held, by the mutation's name: ids of what it made. */
export type Done = Map<string, Record<string, { id?: string } & string>>;

/**
 * Every mutation of the members' subgraph as it goes through, in an order in which each one can.
 *
 * @param done what came of those before
 * @param sent the mail that went out
 */
export function* deedsOf(sown: Sown, done: Done, sent: Message[]): Generator<Deed> {
  const { live, members, partners } = sown;
  const reason = 'As asked for.';
  const at = (name: string) => done.get(name)!;
  const idOf = (name: string, field: string) => at(name)[field]!.id!;
  const key = { idempotencyKey: 'deed' };
  const self = { id: members.self };
  const days = { from: '2026-01-01', to: '2026-06-30' };

  yield { name: 'enrol', by: '?', given: { input: { email: 'new@sown.example' } } };
  const verification = {
    verificationId: at('enrol')['verificationId'],
    code: codeIn(sent.at(-1)!),
  };
  yield { name: 'verifyEmail', by: '?', given: { input: verification } };
  yield { name: 'updateProfile', by: 'm', given: { input: { givenName: 'Ada' } } };
  yield { name: 'changeEmail', by: 'm', given: { email: 'other@sown.example' } };

  const account = { kind: 'PARTNER_ACCOUNT', value: 'A-1', partnerId: partners.own };
  yield { name: 'linkIdentifier', by: 'm', given: { input: account } };
  const { id: phone } = sown.identifier;
  yield { name: 'confirmIdentifier', by: 'm', given: { id: phone, code: sown.phoneCode } };
  yield { name: 'unlinkIdentifier', by: 'm', given: { id: phone } };
  yield { name: 'createWalletToken', by: 'm', given: {} };

  const purpose = 'To thank you.';
  yield { name: 'declineConsentRequest', by: 'm', given: { id: sown.request.id } };
  yield {
    name: 'grantConsent',
    by: 'm',
    given: { partnerId: partners.stranger, scopes: ['EARN'] },
  };
  yield { name: 'revokeConsent', by: 'm', given: { partnerId: partners.trusted } };
  const asked = { member: { id: members.other }, scopes: ['EARN'], purpose };
  yield { name: 'requestConsent', by: 'O', given: { input: asked } };

  const { housemate } = members;
  yield { name: 'withdrawHouseholdInvitation', by: 'm', given: { id: sown.invitation.id } };
  yield { name: 'leaveHousehold', by: 'h', given: {} };
  yield { name: 'createHousehold', by: 'o', given: { name: 'Works', kind: 'BUSINESS' } };
  yield { name: 'inviteToHousehold', by: 'o', given: { email: sown.housemateEmail } };
  yield { name: 'joinHousehold', by: 'h', given: { invitation: invitationIn(sent.at(-1)!) } };
  const spending = { memberId: housemate, maySpend: true };
  yield { name: 'setHouseholdSpending', by: 'o', given: spending };
  yield { name: 'setHouseholdSharing', by: 'h', given: { share: false } };
  yield { name: 'removeFromHousehold', by: 'o', given: { memberId: housemate } };
  yield { name: 'exportMyData', by: 'm', given: {} };

  yield { name: 'markNotificationsRead', by: 'm', given: { ids: [sown.notification.id] } };
  const preferences = [{ kind: 'OFFER', channels: ['IN_APP'] }];
  yield { name: 'updateNotificationPreferences', by: 'm', given: { preferences } };

  const held = { member: self, points: 1, reference: 'DEED', ...key };
  yield { name: 'holdPoints', by: 'O', given: { input: held } };
  yield { name: 'releaseHold', by: 'O', given: { id: idOf('holdPoints', 'hold'), ...key } };
  yield { name: 'captureHold', by: 'O', given: { input: { id: live.hold.id, ...key } } };
  const refund = { id: live.hold.id, refundReference: 'DEED' };
  yield { name: 'refundCapture', by: 'O', given: { input: refund } };
  yield { name: 'createSandboxMember', by: 's', given: { displayName: 'Trial' } };

  const { id: riskCase } = sown.riskCase;
  yield { name: 'decideRiskCase', by: 'S', given: { id: riskCase, allow: true, reason } };
  const given = { to: { id: members.housemate }, points: 1, ...key };
  yield { name: 'transferPoints', by: 'm', given: { input: given } };
  const converted = { from: 'PTS', to: live.miles, points: 1, ...key };
  yield { name: 'convertPoints', by: 'm', given: { input: converted } };
  yield { name: 'confirmConversion', by: 'O', given: { id: live.conversion.id } };
  const conversion = idOf('convertPoints', 'conversion');
  yield { name: 'refuseConversion', by: 'O', given: { id: conversion } };

  const much = { memberId: members.self, points: 50_000, reason };
  for (const [end, more] of [
    ['approveAdjustment', {}],
    ['rejectAdjustment', { reason }],
  ] as const) {
    yield { name: 'adjustPoints', by: 'A', given: { input: { ...much, idempotencyKey: end } } };
    yield { name: end, by: 'B', given: { id: idOf('adjustPoints', 'adjustment'), ...more } };
  }

  const { another } = members;
  yield {
    name: 'setMemberStatus',
    by: 'S',
    given: { memberId: another, status: 'SUSPENDED', reason },
  };
  const merged = { fromId: idOf('verifyEmail', 'member'), intoId: members.other, reason };
  yield { name: 'mergeMembers', by: 'S', given: { input: merged } };
  yield { name: 'undoMerge', by: 'S', given: { id: at('mergeMembers')['mergeId'], reason } };
  yield {
    name: 'setTier',
    by: 'S',
    given: { input: { memberId: members.self, tier: 'GOLD', reason } },
  };
  yield { name: 'eraseMember', by: 'S', given: { memberId: members.other, reason } };

  yield { name: 'configureProgram', by: 'P', given: { input: { name: 'Sown' } } };
  const nights = { code: 'NIGHTS', name: 'Nights', kind: 'QUALIFYING' };
  yield { name: 'saveCurrency', by: 'P', given: { input: nights } };
  const segment = { code: 'MANY', name: 'Many points', when: 'member.points > 1000' };
  yield { name: 'saveSegment', by: 'P', given: { input: segment } };
  yield { name: 'setReferralRules', by: 'P', given: { input: { friendPoints: 10 } } };
  yield { name: 'setRiskLimits', by: 'P', given: { input: { dormantDays: 90 } } };
  const goal = { measure: 'CHURN', period: days, target: '0.1' };
  yield { name: 'setProgramGoal', by: 'P', given: { input: goal } };
  const amount = { amount: '10', currency: 'EUR' };
  const cost = { kind: 'SERVICE', on: '2026-01-01', amount, reference: 'DEED' };
  yield { name: 'recordProgramCost', by: 'P', given: { input: cost } };

  const role = 'PARTNER_CATALOG';
  const person = { email: 'tom@sown.example', name: 'Tom', role, partnerId: partners.own };
  yield { name: 'inviteStaff', by: 'O', given: { input: person } };
  const { id: staff } = sown.staff;
  yield { name: 'reinviteStaff', by: 'O', given: { id: staff } };
  yield { name: 'changeStaffRole', by: 'O', given: { id: staff, role, reason } };
  yield { name: 'setStaffLocale', by: 'O', given: { id: staff, locale: 'de' } };
  yield { name: 'setStaffStatus', by: 'O', given: { id: staff, status: 'REMOVED', reason } };
}
