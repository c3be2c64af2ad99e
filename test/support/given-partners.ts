import { randomUUID } from 'node:crypto';
import { databaseClock } from '../../platform/clock.ts';
import type { Scope } from '../../platform/contract.generated.ts';
import type { Database } from '../../platform/database.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { captureHold } from '../../subgraphs/members/holds/captures.ts';
import { holdPoints } from '../../subgraphs/members/holds/placing.ts';
import { createSandboxMember } from '../../subgraphs/members/membership/sandbox.ts';
import { recordActivity } from '../../subgraphs/partners/activities/activities.ts';
import { type InvitePartner, invitePartner } from '../../subgraphs/partners/brands/partners.ts';
import { createApiClient } from '../../subgraphs/partners/clients/api-clients.ts';
import type { SignContract } from '../../subgraphs/partners/contracts/contract-inputs.ts';
import { signContract } from '../../subgraphs/partners/contracts/contracts.ts';
import {
  type DraftRuleSet,
  draftRuleSet,
  publishRuleSet,
} from '../../subgraphs/partners/earning/rule-sets.ts';
import { Contract, Partner, type RuleSet, Webhook } from '../../subgraphs/partners/entities.ts';
import { registerWebhook } from '../../subgraphs/partners/webhooks/webhooks.ts';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { adminViewer, partnerViewer } from './subgraph.ts';

const viewer: Viewer = adminViewer();
const clock = databaseClock;
/** The contract and the rules of every given partner are valid from here. */
const start = '2020-01-01';

/** Earns a point for each unit of money. */
export const aPointAUnit = { code: 'BASE', name: 'A point a unit', earn: { spend: '1' } };

interface Given {
  kind?: Partner['kind'];
  code?: string;
  name?: string;
  /** What its trade has. */
  details?: Pick<InvitePartner, 'airline' | 'hotel' | 'cardIssuer' | 'mobility'>;
  rules?: DraftRuleSet['rules'];
  contract?: Partial<SignContract>;
  /** The contract's start where left out. */
  rulesFrom?: Date;
  /** Of its client: those of a till that reports, where left out. */
  scopes?: Scope[];
}

/** A brand that is invited: a DRAFT. @returns its id */
export async function givenInvited(test: TestDatabase, given: Given = {}): Promise<string> {
  const { kind = 'RETAILER', code = newCode(), name = `Brand ${code}` } = given;
  const input = { code, name, kind, contactEmail: 'it@brand.example', ...given.details };
  const { id } = await invitePartner(test.db('partners'), input, { viewer, clock });
  return id;
}

/** A partner of the SANDBOX with every step of onboarding done. @returns its id */
export async function givenReady(test: TestDatabase, given: Given = {}): Promise<string> {
  const partnerId = await givenAgreed(test, given);
  await givenTried(test, partnerId);
  return partnerId;
}

/** A partner of the SANDBOX that has agreed with the coalition, and tried nothing. @returns its id */
export async function givenAgreed(test: TestDatabase, given: Given = {}): Promise<string> {
  const db = test.db('partners');
  const partnerId = await givenInvited(test, given);
  await givenContract(db, partnerId, given.contract);
  await givenRules(db, partnerId, given.rules ?? [aPointAUnit], given.rulesFrom);
  await createApiClient(
    db,
    {
      partnerId,
      name: 'Tills',
      scopes: given.scopes ?? ['ACCRUALS_WRITE', 'BALANCES_READ'],
      idempotencyKey: 'tills',
    },
    { viewer, clock, sealKey: testConfig().sealKey },
  );
  return partnerId;
}

/** What onboarding asks a partner to try: a receiver that has answered, and a sale in the sandbox. */
export async function givenTried(test: TestDatabase, partnerId: string): Promise<void> {
  const db = test.db('partners');
  const { webhook } = await registerWebhook(
    db,
    { partnerId, url: 'https://93.184.215.14/', events: ['TEST'], idempotencyKey: 'tried' },
    { viewer, clock, config: testConfig() },
  );
  // Nobody is there: what one says is tested with webhooks.
  await db.update(Webhook, { id: webhook.id }, { answeredAt: new Date() });
  const by = { partnerId, sandbox: true };
  const tester = { viewer: { ...partnerViewer(partnerId), sandbox: true }, clock };
  const members = test.db('members');
  const trial = await createSandboxMember(members, { displayName: 'Trial', points: 10n }, tester);
  const member = { id: trial.id };
  const { currency } = await db.findOneByOrFail(Contract, { partnerId });
  const occurredAt = new Date();
  const amount = { amount: '10', currency };
  const sale = { member, kind: 'PURCHASE' as const, reference: 'tried', occurredAt, amount };
  await recordActivity(db, sale, tester);
  const asked = { member, points: 10n, reference: 'tried', idempotencyKey: 'tried' };
  const hold = await holdPoints(members, asked, { by, clock });
  await captureHold(members, { id: hold.id, idempotencyKey: 'tried' }, { by, clock });
}

/** A LIVE partner, which has left nothing in the sandbox. @returns its id */
export async function givenPartner(test: TestDatabase, given: Given = {}): Promise<string> {
  const id = await givenAgreed(test, given);
  await givenStatus(test, id, 'LIVE');
  return id;
}

/** Puts a partner where no operation brings it yet, or not so soon. */
export async function givenStatus(
  test: TestDatabase,
  partnerId: string,
  status: Partner['status'],
): Promise<void> {
  await test.db('partners').update(Partner, { id: partnerId }, { status });
}

/** A contract as most tests want it, in the demo program's currency. */
export function givenContract(
  db: Database,
  partnerId: string,
  terms: Partial<SignContract> = {},
): Promise<Partner> {
  const input = {
    partnerId,
    validFrom: start,
    currency: 'EUR',
    issuePrice: '0.0120',
    redemptionRate: '0.0080',
    ...terms,
  };
  return signContract(db, input, { viewer, clock });
}

/** A rule set, drafted and published. */
export async function givenRules(
  db: Database,
  partnerId: string,
  rules: DraftRuleSet['rules'],
  validFrom = new Date(start),
): Promise<RuleSet> {
  const { id } = await draftRuleSet(db, { partnerId, rules }, { viewer, clock });
  return publishRuleSet(db, { id, validFrom }, { viewer, clock });
}

function newCode(): string {
  return randomUUID().slice(0, 8).toUpperCase();
}
