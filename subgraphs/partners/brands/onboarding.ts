import { In, IsNull, Not } from 'typeorm';
import { z } from 'zod';
import { recordAct } from '../../../platform/audit-log.ts';
import { dayOf } from '../../../platform/calendar.ts';
import type { Clock } from '../../../platform/clock.ts';
import { type Database, rows, transaction } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import { id, parseInput } from '../../../platform/input.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { ApiClient } from '../clients/entities.ts';
import { validOn } from '../contracts/contracts.ts';
import { Contract } from '../contracts/entities.ts';
import { RuleSet } from '../earning/entities.ts';
import { validAt } from '../earning/rule-sets.ts';
import { readProgram } from '../program.ts';
import { Webhook } from '../webhooks/entities.ts';
import type { Partner } from './entities.ts';
import { lockPartner, requireNotTerminated } from './partners.ts';
import type { Onboarding, OnboardingStep } from './rows.ts';

const activation = z.object({ id });

export type ActivatePartner = z.input<typeof activation>;

/**
 * Makes a partner LIVE, a suspended one too: from now on its members earn. Again: the same answer.
 *
 * @throws Refusal INVALID; NOT_FOUND; NOT_ALLOWED a step of onboarding is not done, or the partner
 *   is gone
 */
export async function activatePartner(
  db: Database,
  input: ActivatePartner,
  { viewer, clock }: { viewer: Viewer; clock: Clock },
): Promise<Partner> {
  const { id: partnerId } = parseInput(activation, input);
  return transaction(db, async (tx) => {
    const partner = await lockPartner(tx, partnerId, ['id']);
    if (partner.status === 'LIVE') return partner;
    requireNotTerminated(partner);
    const at = await clock.now(tx);
    await requireReady(tx, partner, at);
    await recordAct(tx, viewer, {
      action: 'activatePartner',
      subject: { type: 'Partner', id: partner.id },
      before: { status: partner.status },
      after: { status: 'LIVE' },
      at,
    });
    partner.status = 'LIVE';
    return tx.save(partner);
  });
}

async function requireReady(tx: Database, partner: Partner, at: Date): Promise<void> {
  const { timeZone } = await readProgram(tx);
  const [onboarding] = await onboardingsOf(tx, [partner.id], { at, today: dayOf(at, timeZone) });
  const { steps, readyForLive } = onboarding!;
  if (readyForLive) return;
  const open = steps.filter(({ done }) => !done).map(({ code }) => code);
  throw new Refusal('NOT_ALLOWED', 'The partner is not ready to go live.', ['id'], {
    subject: open.join(', '),
  });
}

/**
 * How far these partners are on their way to LIVE, in their order: a fixed number of statements, however
 * many partners.
 *
 * @param today the day in the program's time zone
 */
export async function onboardingsOf(
  db: Database,
  partnerIds: readonly string[],
  { at, today }: { at: Date; today: string },
): Promise<Onboarding[]> {
  const partnerId = In([...partnerIds]);
  const contracts = await db.find(Contract, {
    select: { id: true, partnerId: true },
    where: { partnerId, ...validOn(today) },
  });
  const ruleSets = await db.find(RuleSet, {
    select: { id: true, partnerId: true },
    where: { partnerId, ...validAt(at) },
  });
  const clients = await db.find(ApiClient, {
    select: { clientId: true, partnerId: true },
    where: { partnerId, sandbox: false, revokedAt: IsNull() },
  });
  const webhooks = await db.find(Webhook, {
    select: { id: true, partnerId: true },
    where: { partnerId, enabled: true, answeredAt: Not(IsNull()) },
  });
  const tried = await triedOf(db, partnerIds);
  const owners = (found: { partnerId: string }[]) => new Set(found.map((row) => row.partnerId));
  const [withContract, withRules, withClient, withWebhook] = [
    owners(contracts),
    owners(ruleSets),
    owners(clients),
    owners(webhooks),
  ];
  return partnerIds.map((each) =>
    onboardingOf({
      contract: withContract.has(each),
      rules: withRules.has(each),
      client: withClient.has(each),
      webhook: withWebhook.has(each),
      activity: tried.recording.has(each),
      redemption: tried.redeeming.has(each),
    }),
  );
}

/** Which of them have tried in the sandbox what they will do live. */
async function triedOf(db: Database, partnerIds: readonly string[]) {
  const recording = await rows<{ id: string }>(
    db,
    `SELECT p.id FROM unnest($1::uuid[]) p (id)
     WHERE EXISTS (SELECT FROM partners.activity a WHERE a.partner_id = p.id AND a.sandbox)`,
    [partnerIds],
  );
  const redeeming = await rows<{ id: string }>(
    db,
    'SELECT id FROM members.have_tried_redeeming($1) AS p (id)',
    [partnerIds],
  );
  const ids = (found: { id: string }[]) => new Set(found.map(({ id: each }) => each));
  return { recording: ids(recording), redeeming: ids(redeeming) };
}

interface Progress {
  contract: boolean;
  rules: boolean;
  client: boolean;
  webhook: boolean;
  activity: boolean;
  redemption: boolean;
}

function onboardingOf(progress: Progress): Onboarding {
  const { contract, rules, client, webhook, activity, redemption } = progress;
  const steps = [
    // What an invitation cannot do without is all that a profile needs.
    step('PROFILE', 'Name, kind and contact', true, ''),
    step('CONTRACT', 'Contract', contract, 'A signed contract that is valid today.'),
    step('EARN_RULES', 'Earn rules', rules, 'A published rule set that is valid now.'),
    step('API_CLIENT', 'API client', client, 'A live API client.'),
    step('WEBHOOK', 'Webhook', webhook, 'A webhook whose receiver has taken an event.'),
    step(
      'SANDBOX_ACTIVITY',
      'Activity in the sandbox',
      activity,
      'An activity of a member of the sandbox, recorded by a test client.',
    ),
    step(
      'SANDBOX_REDEMPTION',
      'Redemption in the sandbox',
      redemption,
      'Points of a member of the sandbox, held and captured by a test client.',
    ),
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
