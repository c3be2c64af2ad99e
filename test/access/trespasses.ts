import { randomUUID } from 'node:crypto';
import {
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  type GraphQLObjectType,
  getNamedType,
  isInputObjectType,
  isObjectType,
} from 'graphql';
import { type Database, rows } from '../../platform/database.ts';
import type { GraphQLAnswer } from '../support/subgraph.ts';
import type { Sown } from './sown.ts';

interface Trespass {
  given: object;
  /** The answer is what it is to everybody, and tells nothing. */
  isSilent?: boolean;
  /** Letters of those who try it; all who may call the operation, where left out. */
  by?: string;
}

/** What mutations are asked to do to what is another's, or hidden: by their names. */
export function trespassesOf(sown: Sown): Record<string, Trespass> {
  const { live, members, partners, reward, draft, redemption, review } = sown;
  const self = { id: members.self };
  const key = () => ({ idempotencyKey: randomUUID() });
  const reason = 'To try.';
  const words = { title: 'Rome', body: 'Go in May.' };
  const activity = {
    member: self,
    kind: 'PURCHASE',
    occurredAt: new Date().toISOString(),
    amount: { amount: '10', currency: 'EUR' },
  };
  const wanted = { kind: 'PARTNER_ACCOUNT', value: 'A-1', partnerId: partners.invited };
  const asked = { member: self, scopes: ['EARN'], purpose: 'To try.' };
  const person = { email: 'tom@sown.example', name: 'Tom', role: 'PARTNER_CATALOG' };
  const client = { partnerId: partners.own, name: 'Tills', scopes: ['ACCRUALS_WRITE'] };
  const { startsAt, endsAt } = sown.offers.input;
  const offer = {
    partnerId: partners.own,
    title: 'Ours',
    startsAt: startsAt.toISOString(),
    endsAt: endsAt.toISOString(),
    rules: [{ code: 'A', name: 'A', earn: { fixed: 1 } }],
  };
  const goods = { sku: 'TRY', name: 'Try', kind: 'NIGHT', prices: [{ points: 1 }] };
  return {
    linkIdentifier: { given: { input: wanted } },
    confirmIdentifier: { given: { id: sown.identifier.id, code: '000000' } },
    unlinkIdentifier: { given: { id: sown.identifier.id } },
    grantConsent: { given: { partnerId: partners.invited, scopes: ['EARN'] } },
    revokeConsent: { given: { partnerId: partners.own }, isSilent: true },
    declineConsentRequest: { given: { id: sown.request.id } },
    // Any partner may ask a member: its test client asks those of the sandbox alone.
    requestConsent: { given: { input: asked }, isSilent: true, by: 's' },
    withdrawHouseholdInvitation: { given: { id: sown.invitation.id } },
    removeFromHousehold: { given: { memberId: members.self } },
    setHouseholdSpending: { given: { memberId: members.self, maySpend: true } },
    markNotificationsRead: { given: { ids: [sown.notification.id] }, isSilent: true },
    eraseMember: { given: { memberId: members.self, reason } },
    holdPoints: {
      given: { input: { member: self, points: 1, reference: 'TRY', ...key() } },
      // Who may act for the member may hold their points.
      by: 'ewns',
    },
    captureHold: { given: { input: { id: live.hold.id, ...key() } } },
    releaseHold: { given: { id: live.hold.id, ...key() } },
    refundCapture: { given: { input: { id: live.hold.id, refundReference: 'TRY' } } },
    transferPoints: { given: { input: { to: { id: members.trial }, points: 1, ...key() } } },
    convertPoints: {
      given: { input: { from: 'PTS', to: live.miles, points: 1, quoteId: 'another’s', ...key() } },
    },
    confirmConversion: { given: { id: live.conversion.id } },
    refuseConversion: { given: { id: live.conversion.id } },
    inviteStaff: { given: { input: { ...person, partnerId: partners.own } } },
    reinviteStaff: { given: { id: sown.staff.id } },
    changeStaffRole: { given: { id: sown.staff.id, role: 'PARTNER_CATALOG', reason } },
    setStaffLocale: { given: { id: sown.staff.id, locale: 'de' } },
    setStaffStatus: { given: { id: sown.staff.id, status: 'REMOVED', reason } },

    recordActivity: { given: { input: { ...activity, reference: 'TRY' } }, by: 'wns' },
    recordActivities: { given: { inputs: [{ ...activity, reference: 'TRY' }] }, by: 'wns' },
    claimMissingPoints: {
      given: { input: { partnerId: partners.invited, occurredOn: '2026-01-02', reference: 'TRY' } },
    },
    decideClaim: { given: { id: sown.claim.id, grant: false, reason } },
    refundActivity: {
      given: { input: { activityId: live.activity.id, refundReference: 'TRY' } },
    },
    startImport: {
      given: {
        input: { partnerId: partners.own, kind: 'PURCHASE', upload: sown.imported.uploadId },
      },
    },
    cancelImport: { given: { id: sown.imported.id } },
    updatePartner: { given: { id: partners.own, input: { name: 'Ours' } } },
    draftRuleSet: {
      given: { partnerId: partners.own, rules: [{ code: 'A', name: 'A', earn: { fixed: 1 } }] },
    },
    startReplay: {
      given: {
        ruleSetId: sown.replay.ruleSetId,
        period: { from: '2026-01-01', to: '2026-01-02' },
      },
    },
    createApiClient: { given: { input: { ...client, ...key() } } },
    rotateApiClient: { given: { clientId: sown.client.clientId } },
    revokeApiClient: { given: { clientId: sown.client.clientId } },
    registerWebhook: {
      given: {
        input: {
          partnerId: partners.own,
          url: 'https://93.184.215.14/',
          events: ['TEST'],
          ...key(),
        },
      },
    },
    updateWebhook: { given: { id: sown.webhook.id, input: { enabled: false } } },
    rotateWebhookSecret: { given: { id: sown.webhook.id } },
    testWebhook: { given: { id: sown.webhook.id } },
    removeWebhook: { given: { id: sown.webhook.id } },
    redeliverWebhook: { given: { deliveryId: sown.delivery.id } },
    createOffer: { given: { input: offer } },
    updateOffer: { given: { id: sown.offers.draft.id, input: offer } },
    publishOffer: { given: { id: sown.offers.draft.id } },
    endOffer: { given: { id: sown.offers.all.id } },
    activateOffer: { given: { id: sown.offers.draft.id } },
    disputeStatement: { given: { id: sown.statement.id, reason } },

    redeemReward: { given: { input: { rewardId: draft.id, ...key() } } },
    cancelRedemption: { given: { id: redemption.id } },
    createReward: { given: { input: { partnerId: partners.own, ...goods } } },

    createPost: { given: { input: { kind: 'TIP', ...words, aboutRewardId: draft.id, ...key() } } },
    reviewReward: { given: { rewardId: reward.id, input: { rating: 1, ...words } } },
    reviewPartner: { given: { partnerId: partners.own, input: { rating: 1, ...words } } },
    deleteReview: { given: { id: review.id } },
  };
}

/**
 * The mutations that are told by an id, or a reference to a member, what they are to change; but for those
 * that no client can call, which have tests of their own.
 */
export function namingMutations(schema: GraphQLSchema): GraphQLField<unknown, unknown>[] {
  return Object.values(schema.getMutationType()!.getFields()).filter(
    ({ args, astNode }) =>
      args.some(({ type }) => isNaming(type)) &&
      !astNode?.directives?.some(({ name }) => name.value === 'inaccessible'),
  );
}

function isNaming(type: GraphQLInputType): boolean {
  const named = getNamedType(type);
  if (!isInputObjectType(named)) return named.name === 'ID';
  return Object.values(named.getFields()).some((field) => isNaming(field.type));
}

const refusal = 'code message path details { available required limit retryAt subject }';

/** Asks for an operation through the gateway. */
export type Ask = (query: string, variables: object) => Promise<GraphQLAnswer>;

/** What became of a mutation: codes and paths of what the rules refused, and what its payload holds besides. */
export async function attempt(
  ask: Ask,
  { name, args, type }: GraphQLField<unknown, unknown>,
  given: object,
): Promise<{ codes: string[]; paths: string[][]; shown: Record<string, never> }> {
  const used = args.filter((argument) => argument.name in given);
  const declared = used.map((argument) => `$${argument.name}: ${String(argument.type)}`);
  const passed = used.map((argument) => `${argument.name}: $${argument.name}`);
  const payload = getNamedType(type) as GraphQLObjectType;
  const fields = Object.values(payload.getFields()).map((field) => {
    const to = getNamedType(field.type);
    if (!isObjectType(to)) return field.name;
    if (field.name === 'userErrors') return `userErrors { ${refusal} }`;
    const first = ['id', 'code'].find((each) => each in to.getFields()) ?? '__typename';
    return `${field.name} { ${first} }`;
  });
  const variables = declared.length > 0 ? `(${declared.join(', ')})` : '';
  const input = passed.length > 0 ? `(${passed.join(', ')})` : '';
  const document = `mutation ${variables} {
    done: ${name}${input} { ${fields.join(' ')} } }`;
  const { data, errors } = await ask(document, given);
  expect({ name, errors }).toEqual({ name, errors: undefined });
  const [answer] = [(data as { done?: unknown } | null)?.done].flat();
  const { userErrors, ...rest } = answer as { userErrors: { code: string; path: string[] }[] };
  const shown = Object.entries(rest).filter(([, value]) => value !== null);
  const codes = userErrors.map(({ code }) => code);
  const paths = userErrors.map(({ path }) => path);
  return { codes, paths, shown: Object.fromEntries(shown) as Record<string, never> };
}

/** A figure for each table of the database, of all that is in it; but for the log of what members tried. */
export async function everything(owner: Database): Promise<Record<string, string>> {
  const tables = await rows<{ name: string }>(
    owner,
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables
     WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'risk_act'
     ORDER BY name`,
  );
  const figures = tables.map(
    ({ name }) =>
      `SELECT '${name}' AS name, md5(string_agg(t::text, '|' ORDER BY t::text)) AS figure FROM ${name} t`,
  );
  const found = await rows<{ name: string; figure: string }>(owner, figures.join(' UNION ALL '));
  return Object.fromEntries(found.map(({ name, figure }) => [name, figure]));
}
