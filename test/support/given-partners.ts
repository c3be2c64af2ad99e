import { randomUUID } from 'node:crypto';
import type { Database } from '../../platform/database.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { createApiClient } from '../../subgraphs/partners/api-clients.ts';
import { signContract } from '../../subgraphs/partners/contracts.ts';
import type { Partner } from '../../subgraphs/partners/entities.ts';
import { activatePartner, invitePartner } from '../../subgraphs/partners/partners.ts';
import { draftRuleSet, publishRuleSet } from '../../subgraphs/partners/rule-sets.ts';
import { testConfig } from './config.ts';
import type { TestDatabase } from './database.ts';
import { adminViewer } from './subgraph.ts';

const admin: Viewer = adminViewer();
/** The contract and the rules of every given partner are valid from here. */
const start = '2020-01-01';
const program = { timeZone: 'UTC', moneyCurrency: 'EUR' };

/** Earns a point for each unit of money. */
export const aPointAUnit = { code: 'BASE', name: 'A point a unit', earn: { spend: '1' } };

interface Given {
  kind?: Partner['kind'];
  code?: string;
  name?: string;
  /** What `draftRuleSet` takes. */
  rules?: object[];
}

/** A brand that is invited: a DRAFT. @returns its id */
export async function givenInvited(test: TestDatabase, given: Given = {}): Promise<string> {
  const { kind = 'RETAILER', code = newCode(), name = `Brand ${code}` } = given;
  const input = { code, name, kind, contactEmail: 'it@brand.example' };
  const { id } = await invitePartner(test.db('partners'), input, new Date());
  return id;
}

/** A LIVE partner, by the way that partners take. @returns its id */
export async function givenPartner(test: TestDatabase, given: Given = {}): Promise<string> {
  const db = test.db('partners');
  const partnerId = await givenInvited(test, given);
  const at = new Date();
  await givenContract(db, partnerId);
  await givenRules(db, partnerId, given.rules ?? [aPointAUnit]);
  const scopes = ['ACCRUALS_WRITE', 'BALANCES_READ'];
  await createApiClient(
    db,
    admin,
    { partnerId, name: 'Tills', scopes, idempotencyKey: 'tills' },
    { at, sealKey: testConfig().sealKey },
  );
  await activatePartner(db, partnerId, { at, today: at.toISOString().slice(0, 10) });
  return partnerId;
}

/** A contract as most tests want it, in the demo program's currency. */
export function givenContract(db: Database, partnerId: string, terms: object = {}) {
  const input = {
    validFrom: start,
    currency: 'EUR',
    issuePrice: '0.0120',
    redemptionRate: '0.0080',
    ...terms,
  };
  return signContract(db, { partnerId, input }, { at: new Date(), program });
}

/** A rule set, drafted and published. */
export async function givenRules(
  db: Database,
  partnerId: string,
  rules: object[],
  validFrom = new Date(start),
) {
  const { id } = await draftRuleSet(db, admin, { partnerId, rules });
  return publishRuleSet(db, { id, validFrom }, new Date());
}

function newCode(): string {
  return randomUUID().slice(0, 8).toUpperCase();
}
