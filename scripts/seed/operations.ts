import type { Gateway } from '../../gateway/server.ts';
import { scopesOf } from '../../platform/scopes.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';

/** The operations of the demo's clients: what each takes, and the field of its payload that holds the row. */
const mutations = {
  configureProgram: { takes: { input: 'ConfigureProgramInput!' }, row: 'program { id }' },
  invitePartner: { takes: { input: 'InvitePartnerInput!' }, row: 'partner { id }' },
  updatePartner: { takes: { id: 'ID!', input: 'UpdatePartnerInput!' }, row: 'partner { id }' },
  signContract: { takes: { partnerId: 'ID!', input: 'ContractInput!' }, row: 'partner { id }' },
  draftRuleSet: {
    takes: { partnerId: 'ID!', rules: '[EarnRuleInput!]!' },
    row: 'ruleSet { id }',
  },
  publishRuleSet: { takes: { id: 'ID!', validFrom: 'DateTime' }, row: 'ruleSet { id }' },
  createApiClient: { takes: { input: 'ApiClientInput!' }, row: 'client { id: clientId }' },
  activatePartner: { takes: { id: 'ID!' }, row: 'partner { id }' },
  registerWebhook: { takes: { input: 'WebhookInput!' }, row: 'webhook { id }' },
  testWebhook: { takes: { id: 'ID!' }, row: 'webhook { id }' },
  createSandboxMember: {
    takes: { displayName: 'String!', points: 'Points' },
    row: 'member { id }',
  },
  createReward: { takes: { input: 'RewardInput!' }, row: 'reward { id }' },
  publishReward: { takes: { id: 'ID!' }, row: 'reward { id }' },
  enrol: { takes: { input: 'EnrolInput!' }, row: 'verificationId' },
  verifyEmail: { takes: { input: 'VerifyEmailInput!' }, row: 'member { id }' },
  grantConsent: { takes: { partnerId: 'ID!', scopes: '[ConsentScope!]!' }, row: 'member { id }' },
  revokeConsent: { takes: { partnerId: 'ID!' }, row: 'member { id }' },
  recordActivities: { takes: { inputs: '[ActivityInput!]!' }, row: 'activity { id }' },
  createHousehold: { takes: { name: 'String!' }, row: 'household { id }' },
  inviteToHousehold: { takes: { email: 'String!' }, row: 'household { id }' },
  joinHousehold: { takes: { invitation: 'String!' }, row: 'household { id }' },
  redeemReward: { takes: { input: 'RedeemRewardInput!' }, row: 'redemption { id }' },
  holdPoints: { takes: { input: 'HoldPointsInput!' }, row: 'hold { id }' },
  captureHold: { takes: { input: 'CaptureHoldInput!' }, row: 'hold { id }' },
  createPost: { takes: { input: 'PostInput!' }, row: 'post { id }' },
  reviewReward: { takes: { rewardId: 'ID!', input: 'ReviewInput!' }, row: 'review { id }' },
  reviewPartner: { takes: { partnerId: 'ID!', input: 'ReviewInput!' }, row: 'review { id }' },
} as const;
type Mutation = keyof typeof mutations;

/** Calls the graph as its clients do. */
export interface GraphClient {
  /** A query. @throws where it is not answered whole */
  ask<Answer>(viewer: Viewer, query: string, variables?: object): Promise<Answer>;
  /**
   * A mutation. @returns the row that it made, or the first that a list of them made; where it is
   * refused with the code `unless`, which says that an earlier run has made it, the row that stands
   * in the way.
   * @throws where it is refused otherwise
   */
  change<Row = { id: string }>(
    viewer: Viewer,
    name: Mutation,
    variables: object,
    unless?: string,
  ): Promise<Row>;
  /** The same mutation for each of these, one after the other in one request. @returns their rows */
  changeEach<Row = { id: string }>(
    viewer: Viewer,
    name: Mutation,
    variables: object[],
    unless?: string,
  ): Promise<Row[]>;
}

/** A client of the graph in this process. */
export function graphClient(gateway: Gateway): GraphClient {
  const documents = new Map<string, string>();
  const client: GraphClient = {
    async ask<Answer>(viewer: Viewer, query: string, variables = {}) {
      const request = { query, variables: { ...variables } };
      const { data, errors } = await gateway.execute(request, viewer);
      if (errors || !data) throw new Error(`The seed failed: ${JSON.stringify(errors)}`);
      return data as Answer;
    },

    async change<Row>(viewer: Viewer, name: Mutation, variables: object, unless?: string) {
      const [row] = await client.changeEach<Row>(viewer, name, [variables], unless);
      return row!;
    },

    async changeEach<Row>(viewer: Viewer, name: Mutation, all: object[], unless?: string) {
      const key = `${name} ${all.length}`;
      const document = documents.get(key) ?? documentOf(name, all.length);
      documents.set(key, document);
      const numbered = all.flatMap((variables, i) =>
        Object.entries(variables).map(([variable, value]) => [`${variable}${i}`, value]),
      );
      const answer = await client.ask<Record<string, Payload | Payload[]>>(
        viewer,
        document,
        Object.fromEntries(numbered),
      );
      return all.map((_, i) => rowOf<Row>(name, [answer[`change${i}`]!].flat(), unless));
    },
  };
  return client;
}

/** So many calls of a mutation in one document, their variables numbered. */
function documentOf(name: Mutation, count: number): string {
  const { takes, row } = mutations[name];
  const variables = Object.entries(takes);
  const calls = Array.from({ length: count }, (_, i) => {
    const given = variables.map(([variable]) => `${variable}: $${variable}${i}`).join(', ');
    return `change${i}: ${name}(${given}) {
      ${row} userErrors { code message path details { subject } } }`;
  });
  const declared = calls.flatMap((_, i) =>
    variables.map(([variable, type]) => `$${variable}${i}: ${type}`),
  );
  return `mutation (${declared.join(', ')}) { ${calls.join('\n')} }`;
}

type Payload = Record<string, unknown> & {
  userErrors: { code: string; details?: { subject: string } }[];
};

function rowOf<Row>(name: Mutation, payloads: Payload[], unless?: string): Row {
  const refused = payloads.flatMap(({ userErrors }) => userErrors)[0];
  if (!refused) return payloads[0]![mutations[name].row.split(' ')[0]!] as Row;
  if (refused.code === unless) return { id: refused.details?.subject } as Row;
  throw new Error(`The seed was refused: ${name} ${JSON.stringify(refused)}`);
}

/** Staff, with all that they may do. */
export const admin: Viewer = {
  ...anonymous,
  audience: 'ADMIN',
  subject: 'seed',
  scopes: scopesOf('ADMIN'),
};

/** A brand's systems. */
export function partnerViewer(partnerId: string): Viewer {
  const scopes = scopesOf('PARTNER');
  return { ...anonymous, audience: 'PARTNER', partnerId, subject: 'seed', scopes };
}

/** A member's app. */
export function memberViewer(memberId: string): Viewer {
  const scopes = scopesOf('MEMBER');
  return { ...anonymous, audience: 'MEMBER', memberId, subject: memberId, scopes };
}
