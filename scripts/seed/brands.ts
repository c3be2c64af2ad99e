import { scopesOf } from '../../platform/scopes.ts';
import type { Brand, Reward } from '../demo/brand.ts';
import { type GraphClient, admin, partnerViewer } from './operations.ts';
import { type TrialReceiver, tryOut } from './trials.ts';

/** What the seed makes brands with. */
interface Opening {
  graph: GraphClient;
  /** Takes what brands are told while they try that. */
  receiver: TrialReceiver;
  /** Where browsers find the pictures: a URL without the last slash. */
  picturesUrl: string;
  /** The day on which the coalition begins. */
  since: Date;
}

/** Brings a brand in, from the invitation to LIVE, with its rewards. @returns its ids */
export async function openBrand(opening: Opening, brand: Brand): Promise<OpenBrand> {
  const partnerId = await invite(opening, brand);
  await agree(opening, brand, partnerId);
  const { graph } = opening;
  const client = {
    partnerId,
    name: `${brand.name} systems`,
    scopes: scopesOf('PARTNER'),
    idempotencyKey: 'seed',
  };
  await graph.change(admin, 'createApiClient', { input: client });
  await tryOut({ ...opening, at: opening.since }, brand, partnerId);
  await graph.change(admin, 'activatePartner', { id: partnerId });
  return { partnerId, rewardIds: await openRewards(opening, brand, partnerId) };
}

export interface OpenBrand {
  partnerId: string;
  /** By SKU. */
  rewardIds: Map<string, string>;
}

async function invite({ graph, picturesUrl }: Opening, brand: Brand): Promise<string> {
  const { code, name, kind, website, details, description, brandColor } = brand;
  const contactEmail = `loyalty@${code.toLowerCase()}.example`;
  const input = { code, name, kind, contactEmail, website, ...details };
  const { id } = await graph.change(admin, 'invitePartner', { input }, 'CONFLICT');
  const look = { description, brandColor, logoUrl: `${picturesUrl}/${code}.svg` };
  await graph.change(admin, 'updatePartner', { id, input: look });
  return id;
}

/** Contract and rules, of which each call would make another version. */
async function agree({ graph, since }: Opening, brand: Brand, partnerId: string): Promise<void> {
  const { partner } = await graph.ask<Onboarding>(
    admin,
    'query ($id: ID) { partner(id: $id) { onboarding { steps { code done } } } }',
    { id: partnerId },
  );
  const isMissing = (step: string) =>
    partner.onboarding.steps.some(({ code, done }) => code === step && !done);
  const validFrom = brand.contract.validFrom ?? since.toISOString().slice(0, 10);
  if (isMissing('CONTRACT')) {
    const input = { ...brand.contract, validFrom };
    await graph.change(admin, 'signContract', { partnerId, input });
  }
  if (isMissing('EARN_RULES')) {
    const { rules } = brand;
    const { id } = await graph.change(admin, 'draftRuleSet', { partnerId, rules });
    await graph.change(admin, 'publishRuleSet', { id, validFrom: `${validFrom}T00:00:00Z` });
  }
}

interface Onboarding {
  partner: { onboarding: { steps: { code: string; done: boolean }[] } };
}

/** @returns the published rewards' ids by SKU */
async function openRewards(
  { graph, picturesUrl }: Opening,
  { rewards }: Brand,
  partnerId: string,
): Promise<Map<string, string>> {
  const inputs = rewards.map((reward) => ({ input: inputOf(reward, partnerId, picturesUrl) }));
  const brand = partnerViewer(partnerId);
  const drafts = await graph.changeEach(brand, 'createReward', inputs, 'CONFLICT');
  await graph.changeEach(admin, 'publishReward', drafts);
  return new Map(rewards.map(({ sku }, i) => [sku, drafts[i]!.id]));
}

function inputOf(reward: Reward, partnerId: string, picturesUrl: string): object {
  const { sku, name, description, kind, categories, points, stock } = reward;
  return {
    partnerId,
    sku,
    name,
    description,
    imageUrl: `${picturesUrl}/${sku}.svg`,
    kind,
    categories,
    prices: [{ points }],
    ...(stock && { availability: { stock } }),
  };
}
