import type { Gateway } from '../gateway/server.ts';
import type { Viewer } from '../platform/viewer.ts';

const errors = 'userErrors { code message path details { subject } }';

/** The operations of the demo's clients, each with the field of its payload that holds the row. */
const mutations = {
  invitePartner: {
    row: 'partner',
    document: `mutation ($input: InvitePartnerInput!) {
      invitePartner(input: $input) { partner { id } ${errors} } }`,
  },
  signContract: {
    row: 'partner',
    document: `mutation ($partnerId: ID!, $input: ContractInput!) {
      signContract(partnerId: $partnerId, input: $input) { partner { id } ${errors} } }`,
  },
  draftRuleSet: {
    row: 'ruleSet',
    document: `mutation ($partnerId: ID!, $rules: [EarnRuleInput!]!) {
      draftRuleSet(partnerId: $partnerId, rules: $rules) { ruleSet { id } ${errors} } }`,
  },
  publishRuleSet: {
    row: 'ruleSet',
    document: `mutation ($id: ID!) { publishRuleSet(id: $id) { ruleSet { id } ${errors} } }`,
  },
  createApiClient: {
    row: 'client',
    document: `mutation ($input: ApiClientInput!) {
      createApiClient(input: $input) { client { id: clientId } ${errors} } }`,
  },
  activatePartner: {
    row: 'partner',
    document: `mutation ($id: ID!) { activatePartner(id: $id) { partner { id } ${errors} } }`,
  },
  createReward: {
    row: 'reward',
    document: `mutation ($input: RewardInput!) {
      createReward(input: $input) { reward { id } ${errors} } }`,
  },
  publishReward: {
    row: 'reward',
    document: `mutation ($id: ID!) { publishReward(id: $id) { reward { id } ${errors} } }`,
  },
  enrol: {
    row: 'verificationId',
    document: `mutation ($input: EnrolInput!) { enrol(input: $input) { verificationId ${errors} } }`,
  },
  verifyEmail: {
    row: 'member',
    document: `mutation ($input: VerifyEmailInput!) {
      verifyEmail(input: $input) { member { id } ${errors} } }`,
  },
  grantConsent: {
    row: 'member',
    document: `mutation ($partnerId: ID!, $scopes: [ConsentScope!]!) {
      grantConsent(partnerId: $partnerId, scopes: $scopes) { member { id } ${errors} } }`,
  },
  recordActivity: {
    row: 'activity',
    document: `mutation ($input: ActivityInput!) {
      recordActivity(input: $input) { activity { id } ${errors} } }`,
  },
  redeemReward: {
    row: 'redemption',
    document: `mutation ($input: RedeemRewardInput!) {
      redeemReward(input: $input) { redemption { id } ${errors} } }`,
  },
  createPost: {
    row: 'post',
    document: `mutation ($input: PostInput!) { createPost(input: $input) { post { id } ${errors} } }`,
  },
} as const;

/** Calls the graph as its clients do. */
export interface GraphClient {
  /** A query. @throws where it is not answered whole */
  ask(viewer: Viewer, query: string, variables?: object): Promise<Record<string, unknown>>;
  /**
   * A mutation. @returns the row that it made; where it is refused with the code `unless`, which
   * says that an earlier run has made it, the row that stands in the way.
   * @throws where it is refused otherwise
   */
  change<Row = { id: string }>(
    viewer: Viewer,
    name: keyof typeof mutations,
    variables: object,
    unless?: string,
  ): Promise<Row>;
}

/** A client of the graph in this process. */
export function graphClient(gateway: Gateway): GraphClient {
  const ask: GraphClient['ask'] = async (viewer, query, variables = {}) => {
    const { data, errors } = await gateway.execute({ query, variables: { ...variables } }, viewer);
    if (errors || !data) throw new Error(`The seed failed: ${JSON.stringify(errors)}`);
    return data;
  };
  return {
    ask,
    async change<Row>(
      viewer: Viewer,
      name: keyof typeof mutations,
      variables: object,
      unless?: string,
    ) {
      const { row, document } = mutations[name];
      const payload = (await ask(viewer, document, variables))[name] as Payload;
      const [refused] = payload.userErrors;
      if (!refused) return payload[row] as Row;
      if (refused.code === unless) return { id: refused.details?.subject } as Row;
      throw new Error(`The seed was refused: ${name} ${JSON.stringify(refused)}`);
    },
  };
}

type Payload = Record<string, unknown> & {
  userErrors: { code: string; details?: { subject: string } }[];
};
