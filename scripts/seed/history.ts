import type { SetClock } from '../../platform/clock.ts';
import type { Viewer } from '../../platform/viewer.ts';
import type { Moment } from '../demo/calendar.ts';
import type { Post, Review } from '../demo/contributions.ts';
import type { Demo } from '../demo/demo.ts';
import type { Family } from '../demo/family.ts';
import type { Hold } from '../demo/holds.ts';
import type { Person } from '../demo/people.ts';
import { type Report, deedOf, makeReports } from '../demo/purchases.ts';
import type { Redemption } from '../demo/redemptions.ts';
import { type Mails, join } from './members.ts';
import { type GraphClient, memberViewer, partnerViewer } from './operations.ts';
import type { Timeline } from './timeline.ts';

/** What every step of the seed needs. */
export interface Seeding {
  graph: GraphClient;
  clock: SetClock;
  mails: Mails;
}

/** The coalition that the members find. */
interface Scene extends Seeding {
  calendar: (moment: Moment) => Date;
  /** By brand's code. */
  partnerIds: ReadonlyMap<string, string>;
  /** By SKU. */
  rewardIds: ReadonlyMap<string, string>;
}

/** Puts down all that happens in the demo's two years. */
export function putDown(demo: Demo, timeline: Timeline, scene: Scene): void {
  const { graph } = scene;
  const members = new Map<Person, Viewer>();
  const viewerOf = (person: Person) => members.get(person)!;

  for (const person of demo.people) {
    timeline.put(person.joined, async () => {
      members.set(person, memberViewer(await join(scene, person)));
    });
  }
  for (const report of makeReports(demo.purchases)) {
    timeline.put(report.at, () => record(scene, report));
  }
  for (const redemption of demo.redemptions) {
    const { at, person } = redemption;
    timeline.put(at, () => redeem(scene, redemption, viewerOf(person)));
  }
  const { family } = demo;
  timeline.put(family.founded, () => found(scene, family, viewerOf));
  timeline.put(family.redeemed, () => redeemTogether(scene, family, viewerOf(family.owner)));
  for (const each of demo.reviews) {
    timeline.put(each.at, () => review(scene, each, viewerOf(each.person)));
  }
  for (const each of demo.posts) {
    timeline.put(each.at, () => post(scene, each, viewerOf(each.person)));
  }
  for (const { person, brand, at } of demo.farewells) {
    const partnerId = scene.partnerIds.get(brand.code)!;
    timeline.put(at, () => graph.change(viewerOf(person), 'revokeConsent', { partnerId }));
  }
}

/** Lets tills set points aside, by the clock's time. */
export async function placeHolds(holds: Hold[], { graph, partnerIds }: Scene): Promise<void> {
  for (const { person, brand, reference, points, expiresIn } of holds) {
    const till = partnerViewer(partnerIds.get(brand.code)!);
    const member = { email: person.email };
    const input = { member, reference, points, expiresIn, idempotencyKey: `seed-${reference}` };
    await graph.change(till, 'holdPoints', { input });
  }
}

function record({ graph, calendar, partnerIds }: Scene, { brand, purchases }: Report) {
  const inputs = purchases.map((purchase) => {
    const { person, reference, amount, at } = purchase;
    const occurredAt = calendar(at).toISOString();
    return {
      member: { email: person.email },
      ...deedOf(purchase, occurredAt.slice(0, 10)),
      reference,
      occurredAt,
      amount: { amount, currency: brand.contract.currency },
    };
  });
  const viewer = partnerViewer(partnerIds.get(brand.code)!);
  return graph.change(viewer, 'recordActivities', { inputs });
}

function redeem({ graph, rewardIds }: Scene, { reward, at }: Redemption, member: Viewer) {
  const rewardId = rewardIds.get(reward.sku)!;
  const input = { rewardId, idempotencyKey: `seed-${at.weeksAgo}` };
  return graph.change(member, 'redeemReward', { input });
}

/** The owner makes the household and invites the others, who join it with what the mail holds. */
async function found(
  { graph, mails }: Scene,
  { name, owner, others }: Family,
  viewerOf: (person: Person) => Viewer,
): Promise<void> {
  await graph.change(viewerOf(owner), 'createHousehold', { name }, 'CONFLICT');
  for (const person of others) {
    await graph.change(viewerOf(owner), 'inviteToHousehold', { email: person.email });
    const invitation = mails.invitationTo(person.email);
    await graph.change(viewerOf(person), 'joinHousehold', { invitation }, 'CONFLICT');
  }
}

function redeemTogether({ graph, rewardIds }: Scene, { reward }: Family, owner: Viewer) {
  const rewardId = rewardIds.get(reward.sku)!;
  const input = { rewardId, useHousehold: true, idempotencyKey: 'seed-family' };
  return graph.change(owner, 'redeemReward', { input });
}

function review({ graph, partnerIds, rewardIds }: Scene, { about, text }: Review, member: Viewer) {
  const partnerId = partnerIds.get(about);
  if (partnerId) return graph.change(member, 'reviewPartner', { partnerId, input: text });
  return graph.change(member, 'reviewReward', { rewardId: rewardIds.get(about)!, input: text });
}

function post({ graph, partnerIds, rewardIds }: Scene, { text }: Post, member: Viewer) {
  const { about, ...words } = text;
  const input = {
    ...words,
    ...(about &&
      (partnerIds.has(about)
        ? { aboutPartnerId: partnerIds.get(about) }
        : { aboutRewardId: rewardIds.get(about) })),
    idempotencyKey: `seed-${text.title}`,
  };
  return graph.change(member, 'createPost', { input });
}
