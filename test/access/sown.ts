import { randomUUID } from 'node:crypto';
import { databaseClock as clock } from '../../platform/clock.ts';
import { resolveMember } from '../../platform/members.ts';
import { scopesOf } from '../../platform/scopes.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { Post, Review } from '../../subgraphs/community/entities.ts';
import { createPost } from '../../subgraphs/community/posts.ts';
import { reviewReward } from '../../subgraphs/community/reviews.ts';
import { adjustPoints } from '../../subgraphs/members/adjustments/adjustments.ts';
import { revokeConsent } from '../../subgraphs/members/consents/consents.ts';
import { requestConsent } from '../../subgraphs/members/consents/requests.ts';
import { convertPoints } from '../../subgraphs/members/conversions/conversions.ts';
import {
  ConsentRequest,
  DataExport,
  DataExportPiece,
  Erasure,
  ErasureReceipt,
  HouseholdInvitation,
  HouseholdMember,
  LifetimeValueFit,
  Member,
  Notification,
  RiskCase,
  SegmentMember,
  Staff,
} from '../../subgraphs/members/entities.ts';
import { inviteToHousehold } from '../../subgraphs/members/households/invitations.ts';
import { linkIdentifier } from '../../subgraphs/members/identifiers/links.ts';
import { createWalletToken } from '../../subgraphs/members/identifiers/wallet-tokens.ts';
import { createSandboxMember } from '../../subgraphs/members/membership/sandbox.ts';
import { configureProgram } from '../../subgraphs/members/program/configuration.ts';
import { setProgramGoal } from '../../subgraphs/members/reports/goals.ts';
import { saveSegment } from '../../subgraphs/members/segments/segments.ts';
import { claimMissingPoints } from '../../subgraphs/partners/claims/claims.ts';
import {
  type Claim,
  RuleSet,
  SettlementMonth,
  SettlementStatement,
  WebhookDelivery,
} from '../../subgraphs/partners/entities.ts';
import { workOnNext } from '../../subgraphs/partners/imports/working.ts';
import { setExchangeRates } from '../../subgraphs/partners/rates/rates.ts';
import { startReplay } from '../../subgraphs/partners/replays/replays.ts';
import { testWebhook } from '../../subgraphs/partners/webhooks/deliveries.ts';
import { registerWebhook } from '../../subgraphs/partners/webhooks/webhooks.ts';
import { recordActivity } from '../../subgraphs/partners/activities/activities.ts';
import { activateOffer } from '../../subgraphs/partners/offers/activations.ts';
import { createOffer, publishOffer } from '../../subgraphs/partners/offers/offers.ts';
import { redeemReward } from '../../subgraphs/rewards-catalog/redemptions.ts';
import { limits } from '../../platform/limits.ts';
import { testConfig } from '../support/config.ts';
import type { TestDatabase } from '../support/database.ts';
import { givenClient } from '../support/given-clients.ts';
import { givenSealed } from '../support/given-closed.ts';
import { give, givenCurrency, givenRate } from '../support/given-conversions.ts';
import { givenHousehold } from '../support/given-households.ts';
import { givenImport, givenUpload } from '../support/given-imports.ts';
import { givenConsent, givenMember, givenMemberAt } from '../support/given-members.ts';
import { aPointAUnit, givenInvited, givenPartner, givenReady } from '../support/given-partners.ts';
import { givenDraft, givenReward } from '../support/given-rewards.ts';
import { administrator, givenInvitedPerson } from '../support/given-staff.ts';
import { tillOf } from '../support/given-tills.ts';
import { aTransfer, givenLimits } from '../support/given-transfers.ts';
import { keptMail, keptTexts } from '../support/mail.ts';
import { adminViewer, partnerViewer } from '../support/subgraph.ts';

const { sealKey } = testConfig();
const dayMs = 86_400_000;
const email = 'ada@sown.example';
const sku = 'SOWN-1';

export type Sown = Awaited<ReturnType<typeof sow>>;

/**
 * One of everything: a member's at a brand, which the matrix asks for, with people and brands around
 * them who have nothing to do with it, or little.
 */
export async function sow(test: TestDatabase) {
  const partners = await sowPartners(test);
  const members = await sowMembers(test, partners);
  const at = { test, partner: partners.own };
  const live = await sowRows(at, members.self, partnerViewer(partners.own));
  const trial = await sowRows(at, members.trial, { ...partnerViewer(partners.own), sandbox: true });
  const bought = await sowRewards(test, members.self, partners.own);
  const kept = await sowCare(test, members, partners);
  await givenSealed(test);
  const on = new Date(Date.now() - dayMs).toISOString().slice(0, 10);
  const rates = [{ from: 'USD', to: 'EUR', on, rate: '0.9' }];
  await setExchangeRates(test.db('partners'), rates, { viewer: adminViewer(), clock });
  const webhooks = await sowWebhook(test, partners.own);
  const offers = await sowOffers(test, members.self, partners.own);
  const claim = await sowClaim(test, members.self, partners.own);
  const statement = await sowStatement(test, partners.own);
  const files = await sowImport(test, partners.own);
  const replay = await sowReplay(test, partners.own);
  const own = { offers, claim, statement, ...files, replay };
  return { members, partners, live, trial, ...bought, ...kept, ...webhooks, ...own, email, sku };
}

/** The brand whose rows are asked for, and others that the member trusts more or less. */
async function sowPartners(test: TestDatabase) {
  const [own, trusted, earning, shown, withdrawn, stranger] = await Promise.all(
    Array.from({ length: 6 }, () => givenPartner(test, { rules: [aPointAUnit, aStamp] })),
  );
  const [invited, ready] = await Promise.all([givenInvited(test), givenReady(test)]);
  return {
    own: own!,
    trusted: trusted!,
    earning: earning!,
    shown: shown!,
    withdrawn: withdrawn!,
    stranger: stranger!,
    invited,
    ready,
  };
}

type Partners = Awaited<ReturnType<typeof sowPartners>>;

const aStamp = {
  code: 'CARD',
  name: 'Tenth',
  earn: { stamp: { code: 'CARD', stamps: 10, points: 5n } },
};

async function sowMembers(test: TestDatabase, partners: Partners) {
  const db = test.db('members');
  const longAgo = new Date(Date.now() - 40 * dayMs);
  const expiresAt = new Date(Date.now() + 40 * dayMs);
  const self = await givenMemberAt(test, email, longAgo);
  const [housemate, other, another] = await Promise.all([
    givenMember(test, 0n, undefined, longAgo),
    givenMember(test),
    givenMember(test),
  ]);
  await give(test, { memberId: self, currency: 'PTS', points: 5_000n, expiresAt });
  for (const partnerId of [partners.own, partners.trusted, partners.withdrawn]) {
    await givenConsent(test, self, partnerId);
  }
  await givenConsent(test, self, partners.earning, ['EARN']);
  await revokeConsent(db, { partnerId: partners.withdrawn }, { memberId: self, clock });
  const { token } = await createWalletToken(db, { memberId: self, clock, sealKey });
  const shown = { partnerId: partners.shown, sandbox: false };
  await resolveMember(test.db('partners'), { walletToken: token } as never, shown);
  const viewer: Viewer = { ...partnerViewer(partners.own), sandbox: true };
  const trial = await createSandboxMember(
    db,
    { displayName: 'Trial', points: 1_000n },
    { viewer, clock },
  );
  // What it earns and spends with partners is in test points; it converts these.
  await give(test, { memberId: trial.id, currency: 'PTS', points: 10n, expiresAt });
  return { self, housemate, other, another, trial: trial.id };
}

/** What a member has in which a brand has a part, in one half of the world. */
async function sowRows(
  { test, partner }: { test: TestDatabase; partner: string },
  memberId: string,
  viewer: Viewer,
) {
  await givenLimits(test, { newAccountDays: 0, receiversPer30Days: 1 });
  const till = tillOf(test, partner, { at: new Date(), sandbox: viewer.sandbox });
  const hold = await till.hold(memberId, { points: 10n });
  const activity = await recordActivity(
    test.db('partners'),
    {
      member: { id: memberId },
      kind: 'PURCHASE',
      reference: randomUUID(),
      occurredAt: new Date(),
      amount: { amount: '10', currency: 'EUR' },
      items: [{ sku: 'CUP', quantity: 1, amount: { amount: '3', currency: 'EUR' } }],
    },
    { viewer, clock },
  );
  const miles = await givenCurrency(test, partner);
  await givenRate(test, { from: 'PTS', to: miles, programId: partner, confirmHours: 24 });
  const conversion = await convertPoints(
    test.db('members'),
    { from: 'PTS', to: miles, points: 1n, idempotencyKey: 'sown' },
    { memberId, steppedUpAt: null, clock, sealKey },
  );
  return { hold, activity, miles, conversion };
}

/** What the member bought of the brand, and told of it. */
async function sowRewards(test: TestDatabase, memberId: string, partnerId: string) {
  const reward = await givenReward(test, {
    faceValue: { amount: '1', currency: 'EUR' },
    partnerId,
    price: 10n,
    kind: 'VOUCHER',
  });
  const draft = await givenDraft(test, { partnerId });
  const redemption = await redeemReward(
    test.db('rewards-catalog'),
    { rewardId: reward.id, idempotencyKey: 'sown' },
    { memberId, clock, sealKey },
  );
  const by = { memberId, clock };
  const db = test.db('community');
  const words = { title: 'Rome', body: 'Go in May.' };
  const post: Post = await createPost(
    db,
    { kind: 'TIP', ...words, aboutPartnerId: partnerId, idempotencyKey: 'sown' },
    by,
  );
  const input = { rating: 5, ...words };
  const review: Review = await reviewReward(db, { rewardId: reward.id, input }, by);
  return { reward, draft, redemption, post, review };
}

/** Campaigns of the brand: for all, for a segment that the member is in, and a draft. */
async function sowOffers(test: TestDatabase, memberId: string, partnerId: string) {
  const db = test.db('partners');
  const by = { viewer: administrator(), clock };
  const [startsAt, endsAt] = [-dayMs, dayMs].map((ms) => new Date(Date.now() + ms));
  const rules = [
    {
      code: 'MORE',
      name: 'More',
      earn: { fixed: 5n },
      caps: [{ points: 50n, per: 'EVER' as const }],
    },
    { ...aStamp, code: 'TENTH' },
  ];
  const input = { partnerId, title: 'Sown', startsAt: startsAt!, endsAt: endsAt!, rules };
  const some = { ...input, segments: ['SOWN'], budget: 500n, funding: [{ share: '1' }] };
  const [forAll, forSome, draft] = await Promise.all(
    [{ ...input, optIn: true }, some, input].map((each) => createOffer(db, each, by)),
  );
  for (const { id } of [forAll!, forSome!]) await publishOffer(db, { id }, by);
  await activateOffer(db, { id: forAll!.id }, { memberId, clock });
  return { input, all: forAll!, some: forSome!, draft: draft! };
}

/** Where the brand is told of what happens, and what it was told. */
async function sowWebhook(test: TestDatabase, partnerId: string) {
  const db = test.db('partners');
  const viewer = partnerViewer(partnerId, ['WEBHOOKS_MANAGE']);
  const { webhook } = await registerWebhook(
    db,
    { partnerId, url: 'https://93.184.215.14/', events: ['TEST'], idempotencyKey: 'sown' },
    { viewer, clock, config: testConfig() },
  );
  await testWebhook(db, webhook.id, { viewer, clock });
  const delivery = await db.findOneByOrFail(WebhookDelivery, { webhookId: webhook.id });
  return { webhook, delivery };
}

/** What the member misses at the brand. */
function sowClaim(test: TestDatabase, memberId: string, partnerId: string): Promise<Claim> {
  const occurredOn = new Date(Date.now() - 2 * dayMs).toISOString().slice(0, 10);
  const amount = { amount: '10', currency: 'EUR' };
  const input = { partnerId, occurredOn, reference: 'LOST', amount, note: 'By card.' };
  return claimMissingPoints(test.db('partners'), input, { memberId, clock });
}

/** What the brand asks about its rules. */
async function sowReplay(test: TestDatabase, partnerId: string) {
  const db = test.db('partners');
  const { id: ruleSetId } = await db.findOneByOrFail(RuleSet, { partnerId });
  const period = { from: '2026-01-01', to: '2026-01-31' };
  return startReplay(db, { ruleSetId, period }, { viewer: partnerViewer(partnerId), clock });
}

/** What the brand owes for a month. */
async function sowStatement(test: TestDatabase, partnerId: string): Promise<SettlementStatement> {
  const db = test.db('partners');
  const [month, at] = ['2020-01-01', new Date()];
  await db.insert(SettlementMonth, { month, endsAt: at, closedAt: at, xact: 0n });
  const statement = db.create(SettlementStatement, {
    id: randomUUID(),
    partnerId,
    month,
    currency: 'EUR',
    digits: 2,
    status: 'ISSUED',
    issuedAt: at,
    dueOn: '2020-03-01',
  });
  await db.insert(SettlementStatement, statement);
  return statement;
}

/** A file of one row, which was rejected. */
async function sowImport(test: TestDatabase, partnerId: string) {
  const viewer = partnerViewer(partnerId, ['ACCRUALS_WRITE']);
  const text = 'reference,customer,occurred_at,amount,currency\na,b,c,d,e\n';
  const imported = await givenImport(test, viewer, text);
  const working = { clock, mayGoOn: () => true };
  while ((await workOnNext(test.db('partners'), working)) !== null);
  return { imported, upload: await givenUpload(test, viewer, text) };
}

/** What stands between the member and the coalition alone, and what the coalition keeps of itself. */
async function sowCare(
  test: TestDatabase,
  { self, housemate, another }: Awaited<ReturnType<typeof sowMembers>>,
  partners: Partners,
) {
  const db = test.db('members');
  await sowProgram(test);
  await db.insert(SegmentMember, { memberId: self, segment: 'SOWN' });
  await givenHousehold(test, [self, housemate]);
  // Or who joined may join no other for six months.
  await db.update(HouseholdMember, { memberId: housemate }, { mayChangeOn: null });
  const mail = keptMail();
  const address = 'guest@sown.example';
  await inviteToHousehold(db, { email: address }, { memberId: self, clock, mail, limits });
  const viewer = administrator();
  const asked = { member: { id: self }, scopes: ['EARN' as const], purpose: 'To thank you.' };
  await requestConsent(db, asked, { viewer: partnerViewer(partners.stranger), clock });
  const adjusted = { memberId: self, points: 5n, reason: 'Sown', idempotencyKey: 'sown' };
  await adjustPoints(db, adjusted, { viewer, clock });
  // The second receiver within 30 days is one too many: it is held back.
  for (const receiver of [housemate, another])
    await aTransfer(test, self, receiver, { points: 1n, at: new Date() });
  const { audience } = testConfig();
  const texts = keptTexts();
  const { identifier } = await linkIdentifier(
    db,
    { kind: 'PHONE', value: '+4930901820' },
    { memberId: self, clock, texts, audience },
  );
  const person = { email: 'sam@sown.example', role: 'PARTNER_OPERATIONS' as const };
  const { staff } = await givenInvitedPerson(test, { ...person, partnerId: partners.own });
  // Another invitation may go out a minute after the last.
  await db.update(Staff, { id: staff.id }, { invitedAt: new Date(Date.now() - dayMs) });
  await givenInvitedPerson(test, { email: 'eve@sown.example', role: 'SUPPORT' });
  const client = await givenClient(test, partners.own, { scopes: scopesOf('PARTNER') });
  const erasure = { id: randomUUID(), memberId: self, requestedAt: new Date() };
  await db.insert(Erasure, { ...erasure, doneAt: new Date() });
  const receipt = { subgraph: 'members', erasedAt: new Date(), records: 1 };
  await db.insert(ErasureReceipt, { erasureId: erasure.id, ...receipt });
  const dataExport = { id: randomUUID(), memberId: self, requestedAt: new Date() };
  const expiresAt = new Date(Date.now() + dayMs);
  await db.insert(DataExport, { ...dataExport, doneAt: new Date(), expiresAt, bytes: 2n });
  await db.insert(DataExportPiece, { exportId: dataExport.id, place: 0, content: '{}' });
  const notification = { id: randomUUID(), memberId: self, once: 'sown' };
  await db.insert(Notification, {
    ...notification,
    kind: 'THANK_YOU',
    template: 'member.enrolled',
    args: {},
    inApp: true,
    createdAt: new Date(),
  });
  const { memberNumber } = await db.findOneByOrFail(Member, { id: self });
  const { email: housemateEmail } = await db.findOneByOrFail(Member, { id: housemate });
  const riskCase = await db.findOneByOrFail(RiskCase, { memberId: self });
  const request = await db.findOneByOrFail(ConsentRequest, { memberId: self });
  const invitation = await db.findOneByOrFail(HouseholdInvitation, { email: address });
  const phoneCode = /\b\d{6}\b/.exec(texts.sent[0]!.text)![0];
  const own = { memberNumber, request, notification, identifier, phoneCode, erasure, riskCase };
  return { ...own, staff, client, invitation, housemateEmail, dataExport };
}

async function sowProgram(test: TestDatabase): Promise<void> {
  const db = test.db('members');
  const by = { viewer: administrator(), clock };
  const benefits = [{ code: 'HELLO', name: 'A kind word' }];
  const tiers = ['BASE', 'GOLD'].map((code, rank) => {
    return { code, name: code, threshold: BigInt(rank) * 1_000n, earnMultiplier: '1', benefits };
  });
  await configureProgram(db, { tiers }, by);
  await saveSegment(db, { code: 'SOWN', name: 'Sown', when: 'member.points > 0' }, by);
  const period = { from: '2026-01-01', to: '2026-12-31' };
  await setProgramGoal(db, { measure: 'RETENTION', target: '0.5', period }, by);
  const fitted = { r: 1, alpha: 1, a: 1, b: 1, logLikelihood: -1, expectedPurchases: 1 };
  await db.insert(LifetimeValueFit, { fittedAt: new Date(), members: 1, ...fitted });
}
