import type { Subgraph } from '../../platform/subgraph.ts';
import { anonymous } from '../../platform/viewer.ts';
import { administrator } from '../support/given-staff.ts';
import { callSubgraph, memberViewer, partnerViewer } from '../support/subgraph.ts';
import type { Rows } from './asking.ts';
import type { Sown } from './sown.ts';

/** The program is another subgraph's: whichever it is, there is one. */
const anyId = '00000000-0000-4000-8000-000000000000';

/** Rows that mutations alone give. */
export function payloadsOf({ live, members: { self } }: Sown): Rows {
  const account = { memberId: self, currency: 'PTS' };
  const payload = { memberId: self, account, userErrors: [] };
  return new Map([
    ['HoldPayload', { row: { ...payload, hold: live.hold }, key: null }],
    ['ConversionPayload', { row: { ...payload, conversion: live.conversion }, key: null }],
  ]);
}

/** Has a row of each type shown, by who may see it. */
export async function show(subgraph: Subgraph, sown: Sown): Promise<void> {
  const { live, erasure, redemption, post, review } = sown;
  const self = memberViewer(sown.members.self);
  const shown = {
    members: [
      [
        self,
        `{ me { id balance { available } statement { nodes { id } } holds { nodes { id } }
             household { id } notifications { nodes { id } } }
           conversion(id: "${live.conversion.id}") { id } erasure(id: "${erasure.id}") { id }
           dataExport(id: "${sown.dataExport.id}") { id }
           program { id currencies { code } referralRules { friendPoints } } }`,
      ],
      [
        administrator(),
        '{ auditLog { nodes { id } } adjustments { nodes { id } } riskCases { nodes { id } } }',
      ],
    ],
    partners: [
      [
        partnerViewer(sown.partners.own, ['SETTLEMENT_READ']),
        `{ settlementStatement(id: "${sown.statement.id}") { id }
           myPartner { id contract { id } ruleSets { nodes { id } } apiClients { clientId }
             webhooks { id deliveries { nodes { id } } } claims { nodes { id } }
             imports { nodes { id rejections { nodes { line } } } } }
           activity(id: "${live.activity.id}") { id member { id } }
           offer(id: "${sown.offers.some.id}") { id } replay(id: "${sown.replay.id}") { id }
           _entities(representations: [{ __typename: "Program", id: "${anyId}" }]) {
             ... on Program { id } } }`,
      ],
      [
        administrator(),
        '{ _entities(representations: [{ __typename: "Program", id: "1" }]) { ... on Program { id } } }',
      ],
    ],
    'rewards-catalog': [
      [
        self,
        `{ redemption(id: "${redemption.id}") { id member { id } reward { id partner { id } } } }`,
      ],
    ],
    community: [
      [
        anonymous,
        `{ post(id: "${post.id}") { id author { id } about { ... on Partner { id } } }
           review(id: "${review.id}") { id about { ... on Reward { id } } } }`,
      ],
    ],
  } as const;
  for (const [viewer, query] of shown[subgraph.name]) {
    expect((await callSubgraph(subgraph, viewer, query)).errors).toBeUndefined();
  }
}
