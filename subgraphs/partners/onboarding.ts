import { type Database, rows } from '../../platform/database.ts';
import type { Onboarding, OnboardingStep } from './rows.ts';

/** What the database knows of a partner's way to LIVE. */
interface Progress {
  id: string;
  contract: boolean;
  rules: boolean;
  client: boolean;
}

/**
 * How far the partners are on their way to LIVE. One statement, however many partners.
 *
 * @param today the day in the program's time zone
 */
export async function readOnboarding(
  db: Database,
  partnerIds: readonly string[],
  { at, today }: { at: Date; today: string },
): Promise<Map<string, Onboarding>> {
  const found = await rows<Progress>(
    db,
    `SELECT p.id,
       EXISTS (SELECT FROM partners.contract c WHERE c.partner_id = p.id
         AND c.valid_from <= $3 AND (c.valid_to IS NULL OR c.valid_to >= $3)) AS contract,
       EXISTS (SELECT FROM partners.rule_set r WHERE r.partner_id = p.id
         AND r.valid_from <= $2 AND (r.valid_to IS NULL OR r.valid_to > $2)) AS rules,
       EXISTS (SELECT FROM partners.api_client a WHERE a.partner_id = p.id
         AND NOT a.sandbox AND a.revoked_at IS NULL) AS client
     FROM partners.partner p WHERE p.id = ANY ($1::uuid[])`,
    [partnerIds, at, today],
  );
  return new Map(found.map((progress) => [progress.id, onboardingOf(progress)]));
}

function onboardingOf({ contract, rules, client }: Progress): Onboarding {
  const steps = [
    // What an invitation cannot do without is all that a profile needs.
    step('PROFILE', 'Name, kind and contact', true, ''),
    step('CONTRACT', 'Contract', contract, 'A signed contract that is valid today.'),
    step('EARN_RULES', 'Earn rules', rules, 'A published rule set that is valid now.'),
    step('API_CLIENT', 'API client', client, 'A live API client.'),
  ];
  return { steps, readyForLive: steps.every(({ done }) => done) };
}

function step(
  code: OnboardingStep['code'],
  title: string,
  done: boolean,
  missing: string,
): OnboardingStep {
  return { code, title, done, missing: done ? [] : [missing] };
}
