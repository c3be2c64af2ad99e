import { randomUUID } from 'node:crypto';
import type { Deed, Done } from './deeds.ts';
import type { Sown } from './sown.ts';

/** A mutation that is refused to somebody who may call it: why, and at which of its arguments. */
export interface Refused extends Deed {
  code: string;
  path: string[];
}

/** The parts of the sown world that its partners' mutations are about, and what they are given. */
function givensOf({ partners, members, offers }: Sown) {
  const eur = (amount: string) => ({ amount, currency: 'EUR' });
  const { startsAt, endsAt } = offers.input;
  return {
    eur,
    reason: 'As asked for.',
    today: new Date().toISOString().slice(0, 10),
    terms: { currency: 'EUR', issuePrice: '0.01', redemptionRate: '0.008' },
    rules: [{ code: 'BASE', name: 'A point a unit', earn: { spend: '1' } }],
    sale: (reference: string) => ({
      member: { id: members.self },
      kind: 'PURCHASE',
      reference,
      occurredAt: new Date().toISOString(),
      amount: eur('10'),
    }),
    offer: {
      partnerId: partners.own,
      title: 'Done',
      startsAt: startsAt.toISOString(),
      endsAt: endsAt.toISOString(),
      rules: [{ code: 'A', name: 'A', earn: { fixed: 1 } }],
    },
  };
}

/**
 * Every mutation of the partners' subgraph as it goes through, in an order in which each one can.
 *
 * @param done what came of those before
 */
export function* partnerDeedsOf(sown: Sown, done: Done): Generator<Deed> {
  const { live, partners } = sown;
  const { eur, reason, today, terms, rules, sale, offer } = givensOf(sown);
  const idOf = (name: string, field: string) => done.get(name)![field]!.id!;
  const key = { idempotencyKey: 'deed' };
  const { own, invited, ready } = partners;

  const brand = { code: 'DEED', name: 'Deed', kind: 'OTHER', contactEmail: 'it@deed.example' };
  yield { name: 'invitePartner', by: 'A', given: { input: brand } };
  yield { name: 'updatePartner', by: 'O', given: { id: own, input: { description: 'Ours' } } };
  const waiting = { validFrom: today, pending: 'ON_CONFIRMATION', ...terms };
  yield { name: 'signContract', by: 'A', given: { partnerId: own, input: waiting } };
  yield { name: 'draftRuleSet', by: 'O', given: { partnerId: own, rules } };
  const ruleSetId = idOf('draftRuleSet', 'ruleSet');
  const period = { from: '2026-02-01', to: '2026-02-28' };
  yield { name: 'startReplay', by: 'O', given: { ruleSetId, period } };
  yield { name: 'publishRuleSet', by: 'A', given: { id: ruleSetId } };
  yield { name: 'activatePartner', by: 'A', given: { id: ready } };
  yield { name: 'suspendPartner', by: 'A', given: { id: ready, reason } };
  yield { name: 'terminatePartner', by: 'A', given: { id: ready, on: '2100-01-01', reason } };
  const rate = { from: 'JPY', to: 'EUR', on: '2026-01-01', rate: '0.0061' };
  yield { name: 'setExchangeRates', by: 'A', given: { rates: [rate] } };
  const prepaid = { validFrom: '2026-01-01', billing: 'PREPAID', ...terms };
  yield { name: 'signContract', by: 'A', given: { partnerId: invited, input: prepaid } };
  const block = { partnerId: invited, points: 10, price: eur('1'), validFrom: today, ...key };
  yield { name: 'sellPoints', by: 'A', given: { input: block } };

  yield { name: 'recordActivity', by: 'O', given: { input: sale('DEED-1') } };
  yield { name: 'recordActivities', by: 'O', given: { inputs: [sale('DEED-2')] } };
  yield { name: 'confirmActivity', by: 'O', given: { reference: 'DEED-1' } };
  const back = { activityId: live.activity.id, refundReference: 'DEED' };
  yield { name: 'refundActivity', by: 'O', given: { input: back } };
  const lost = { partnerId: own, occurredOn: today, reference: 'DEED-3', amount: eur('10') };
  yield { name: 'claimMissingPoints', by: 'm', given: { input: lost } };
  const claim = idOf('claimMissingPoints', 'claim');
  yield { name: 'decideClaim', by: 'O', given: { id: claim, grant: true, reason } };

  const file = { partnerId: own, kind: 'PURCHASE', upload: sown.upload };
  yield { name: 'startImport', by: 'O', given: { input: file } };
  const imported = idOf('startImport', 'activityImport');
  yield { name: 'cancelImport', by: 'O', given: { id: imported } };

  const client = { partnerId: own, name: 'Deed', scopes: ['ACCRUALS_WRITE'], ...key };
  yield { name: 'createApiClient', by: 'A', given: { input: client } };
  const { clientId } = sown.client;
  yield { name: 'rotateApiClient', by: 'A', given: { clientId } };
  yield { name: 'revokeApiClient', by: 'A', given: { clientId } };
  const hook = { partnerId: own, url: 'https://93.184.215.14/deed', events: ['TEST'], ...key };
  yield { name: 'registerWebhook', by: 'O', given: { input: hook } };
  const id = idOf('registerWebhook', 'webhook');
  yield { name: 'updateWebhook', by: 'O', given: { id, input: { events: ['CLAIM_OPENED'] } } };
  yield { name: 'rotateWebhookSecret', by: 'O', given: { id } };
  yield { name: 'testWebhook', by: 'O', given: { id } };
  yield { name: 'removeWebhook', by: 'O', given: { id } };
  yield { name: 'redeliverWebhook', by: 'O', given: { deliveryId: sown.delivery.id } };

  yield { name: 'createOffer', by: 'O', given: { input: offer } };
  const draft = { id: idOf('createOffer', 'offer') };
  yield { name: 'updateOffer', by: 'O', given: { ...draft, input: { ...offer, optIn: true } } };
  yield { name: 'publishOffer', by: 'O', given: draft };
  yield { name: 'activateOffer', by: 'm', given: draft };
  yield { name: 'endOffer', by: 'O', given: draft };

  yield { name: 'closeSettlementMonth', by: 'A', given: { month: '2020-02-01' } };
  const statement = { id: sown.statement.id };
  yield { name: 'disputeStatement', by: 'O', given: { ...statement, reason } };
  yield { name: 'resolveDispute', by: 'A', given: { ...statement, uphold: false, reason } };
  yield { name: 'markStatementPaid', by: 'A', given: { ...statement, paymentReference: 'DEED' } };
}

const refused = (name: string, by: string, given: object, code: string, ...path: string[]) => {
  return { name, by, given, code, path };
};

/** Each mutation of the partners' subgraph as its rules refuse it to somebody who may call it. */
export function refusedDeedsOf(sown: Sown): Refused[] {
  const { reason, today, offer } = givensOf(sown);
  const unknown = { id: randomUUID() };
  const nobody = { clientId: randomUUID() };
  const { own, invited } = sown.partners;
  const lost = { partnerId: own, occurredOn: today };
  const { all, draft } = sown.offers;
  const without = (name: string, by: string, given: object = {}) =>
    refused(name, by, { ...unknown, ...given }, 'NOT_FOUND', 'id');
  return [
    ...refusedTermsOf(sown),
    refused('activatePartner', 'A', { id: invited }, 'NOT_ALLOWED', 'id'),
    without('suspendPartner', 'A', { reason }),
    refused('terminatePartner', 'A', { id: own, on: '2020-01-01', reason }, 'INVALID', 'on'),
    without('publishRuleSet', 'A'),
    refused(
      'startReplay',
      'O',
      { ruleSetId: unknown.id, period: { from: today, to: today } },
      'NOT_FOUND',
      'ruleSetId',
    ),
    refused(
      'startImport',
      'O',
      { input: { partnerId: own, kind: 'PURCHASE', upload: unknown.id } },
      'NOT_FOUND',
      'upload',
    ),
    without('cancelImport', 'O'),
    refused('confirmActivity', 'O', { reference: 'NO' }, 'NOT_FOUND', 'reference'),
    refused('claimMissingPoints', 'm', { input: lost }, 'INVALID', 'reference'),
    without('decideClaim', 'O', { grant: true, reason }),
    refused('rotateApiClient', 'A', nobody, 'NOT_FOUND', 'clientId'),
    refused('revokeApiClient', 'A', nobody, 'NOT_FOUND', 'clientId'),
    without('updateWebhook', 'O', { input: {} }),
    without('rotateWebhookSecret', 'O'),
    without('testWebhook', 'O'),
    without('removeWebhook', 'O'),
    refused('redeliverWebhook', 'O', { deliveryId: unknown.id }, 'NOT_FOUND', 'deliveryId'),
    refused('updateOffer', 'O', { id: all.id, input: offer }, 'NOT_ALLOWED', 'id'),
    without('publishOffer', 'O'),
    refused('endOffer', 'O', { id: draft.id }, 'NOT_ALLOWED', 'id'),
    without('activateOffer', 'm'),
    refused('closeSettlementMonth', 'A', { month: '2026-01-02' }, 'INVALID', 'month'),
    without('disputeStatement', 'O', { reason }),
    without('resolveDispute', 'A', { uphold: true, reason }),
    without('markStatementPaid', 'A', { paymentReference: 'NO' }),
  ];
}

/** Those whose input has a fault. */
function refusedTermsOf(sown: Sown): Refused[] {
  const { eur, today, terms, rules, sale, offer } = givensOf(sown);
  const { own: partnerId } = sown.partners;
  const key = { idempotencyKey: 'refused' };
  const brand = { code: 'small', name: 'Deed', kind: 'OTHER', contactEmail: 'it@deed.example' };
  const earlier = { validFrom: '2019-01-01', ...terms };
  const rate = { from: 'JPY', to: 'EUR', on: '2026-01-01', rate: '0' };
  const odd = [{ ...rules[0], when: 'activity.colour == "red"' }];
  const block = { partnerId, points: 10, price: eur('1'), validFrom: today, ...key };
  const old = { ...sale('NO'), occurredAt: '2010-01-01T00:00:00Z' };
  const negative = { ...sale('NO'), amount: eur('-1') };
  const back = { activityId: randomUUID(), refundReference: 'NO' };
  const client = { partnerId, name: 'Deed', scopes: ['PROFILE'], ...key };
  const hook = { partnerId, url: 'http://10.0.0.1/', events: ['TEST'], ...key };
  const endless = { ...offer, endsAt: offer.startsAt };
  return [
    refused('invitePartner', 'A', { input: brand }, 'INVALID', 'code'),
    refused(
      'updatePartner',
      'O',
      { id: partnerId, input: { brandColor: 'red' } },
      'INVALID',
      'brandColor',
    ),
    refused('signContract', 'A', { partnerId, input: earlier }, 'CONFLICT', 'validFrom'),
    refused('setExchangeRates', 'A', { rates: [rate] }, 'INVALID', 'rates', '0', 'rate'),
    refused('draftRuleSet', 'O', { partnerId, rules: odd }, 'INVALID', 'rules', '0', 'when'),
    refused('sellPoints', 'A', { input: block }, 'NOT_ALLOWED', 'partnerId'),
    refused('recordActivity', 'O', { input: old }, 'INVALID', 'occurredAt'),
    refused('recordActivities', 'O', { inputs: [negative] }, 'INVALID', 'amount', 'amount'),
    refused('refundActivity', 'O', { input: back }, 'NOT_FOUND', 'activityId'),
    refused('createApiClient', 'A', { input: client }, 'INVALID', 'scopes', '0'),
    refused('registerWebhook', 'O', { input: hook }, 'INVALID', 'url'),
    refused('createOffer', 'O', { input: endless }, 'INVALID', 'endsAt'),
  ];
}
