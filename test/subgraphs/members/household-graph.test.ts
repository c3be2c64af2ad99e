import { databaseClock } from '../../../platform/clock.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import { type Viewer, anonymous } from '../../../platform/viewer.ts';
import { start } from '../../../subgraphs/members/server.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenHousehold, givenInvitation, invitationIn } from '../../support/given-households.ts';
import { givenConsent, givenMember, givenMemberAt } from '../../support/given-members.ts';
import { givenPartner } from '../../support/given-partners.ts';
import { givenQualifying, givenTiers } from '../../support/given-tiers.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  memberViewer,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

const household = `household {
  kind name memberLimit available
  owner { displayName memberNumber }
  members { member { id displayName balance { available } household { name } } mayChangeOn sharesPoints }
  invitations { id email expiresAt }
}`;
const errors = 'userErrors { code path details { limit retryAt subject } }';

describe('the graph of households', () => {
  const test = useTestDatabase();
  const platform = testPlatform(databaseClock);
  let members: Subgraph;
  beforeAll(async () => (members = await start(configOn(test), platform)));
  afterAll(() => members.drain());
  const { ask, codeOf } = callsOf(() => members);

  interface Seen {
    available: number;
    members: {
      member: { id: string; balance: object | null; household: object | null };
      sharesPoints: boolean;
    }[];
    invitations: { id: string; email: string }[] | null;
  }
  const seenBy = async (viewer: Viewer) =>
    (await ask<{ me: { household: Seen | null } }>(viewer, `{ me { ${household} } }`)).me.household;

  /** A mutation's payload. */
  const change = async (viewer: Viewer, call: string, variables: object = {}) => {
    const declared = Object.keys(variables).map((name) => `$${name}: ${typeOf[name]}`);
    const head = declared.length > 0 ? `(${declared.join(', ')})` : '';
    const data = await ask<Record<string, { household: Seen | null; userErrors: object[] }>>(
      viewer,
      `mutation ${head} { payload: ${call} { ${household} ${errors} } }`,
      variables,
    );
    return data['payload']!;
  };
  const typeOf: Record<string, string> = { id: 'ID!', email: 'String!', invitation: 'String!' };

  it('goes from an invitation by mail to points in common, and back', async () => {
    const owner = memberViewer(await givenMember(test, 300n));
    const otherId = await givenMemberAt(test, 'other@example.com');
    const other = memberViewer(otherId);
    expect(await seenBy(owner)).toBeNull();

    await change(owner, 'createHousehold(name: "Home")');
    const invited = await change(owner, 'inviteToHousehold(email: $email)', {
      email: 'other@example.com',
    });
    expect(invited.household).toMatchObject({
      kind: 'FAMILY',
      name: 'Home',
      memberLimit: 7,
      available: 300,
      invitations: [{ email: 'o***@example.com' }],
    });
    const invitation = invitationIn(platform.sent.at(-1)!);
    const joined = await change(other, 'joinHousehold(invitation: $invitation)', { invitation });
    expect(joined).toMatchObject({
      household: { available: 300, invitations: null, owner: { memberNumber: null } },
      userErrors: [],
    });

    const apart = await change(other, 'setHouseholdSharing(share: false)');
    const apartIds = apart.household!.members.filter((each) => !each.sharesPoints);
    expect(apartIds.map((each) => each.member.id)).toEqual([otherId]);
    const removed = await change(owner, 'removeFromHousehold(memberId: $id)', { id: otherId });
    expect(removed.household!.members).toHaveLength(1);
    expect(await change(owner, 'leaveHousehold')).toEqual({ household: null, userErrors: [] });
    expect(await change(owner, 'inviteToHousehold(email: "a@example.com")')).toEqual({
      household: null,
      userErrors: [{ code: 'NOT_FOUND', path: [], details: null }],
    });
  });

  it('shows members the sum of their points, and nothing else of each other', async () => {
    const ids = [await givenMember(test, 300n), await givenMember(test, 40n)] as const;
    await givenHousehold(test, [...ids]);

    const seen = (await seenBy(memberViewer(ids[0])))!;

    expect(seen.available).toBe(340);
    const own = { household: { name: 'Home' }, balance: { available: 300 } };
    const others = { household: null, balance: null };
    for (const { member } of seen.members) {
      expect(member).toMatchObject(member.id === ids[0] ? own : others);
    }
  });

  it('counts neither who does not share nor who is suspended', async () => {
    const points = [300n, 40n, 5n, 2n];
    const ids = await Promise.all(points.map((each) => givenMember(test, each)));
    await givenHousehold(test, ids as [string, ...string[]]);
    await change(memberViewer(ids[1]!), 'setHouseholdSharing(share: false)');
    await test
      .owner()
      .query(`UPDATE members.member SET status = 'SUSPENDED' WHERE id = $1`, [ids[2]]);

    expect((await seenBy(memberViewer(ids[0]!)))!.available).toBe(302);
    expect((await seenBy(memberViewer(ids[1]!)))!.available).toBe(302);
  });

  it('shows where a business stands and who may spend, and lets its owner say so', async () => {
    await givenTiers(test, { BASE: 0n, SILVER: 1_000n });
    const ownerId = await givenMember(test);
    const owner = memberViewer(ownerId);
    const otherId = await givenMember(test);
    await change(owner, 'createHousehold(name: "Works", kind: BUSINESS)');
    const invitation = await givenInvitation(test, ownerId, otherId);
    await change(memberViewer(otherId), 'joinHousehold(invitation: $invitation)', { invitation });
    await givenQualifying(test, otherId, 250n, { occurredAt: new Date() });
    const allow = 'setHouseholdSpending(memberId: $id, maySpend: true, monthlyLimit: 90)';

    expect((await change(memberViewer(otherId), allow, { id: otherId })).userErrors).toMatchObject([
      { code: 'NOT_ALLOWED' },
    ]);
    await change(owner, allow, { id: otherId });

    const seen = await ask<{ me: { household: object } }>(
      memberViewer(otherId),
      `{ me { household { kind memberLimit members { maySpend monthlyLimit }
        tier { tier { code } source validUntil qualifyingPoints next { tier { code } remaining percent } } } } }`,
    );
    expect(seen.me.household).toEqual({
      kind: 'BUSINESS',
      memberLimit: 50,
      members: [
        { maySpend: true, monthlyLimit: null },
        { maySpend: true, monthlyLimit: 90 },
      ],
      tier: {
        tier: { code: 'BASE' },
        source: 'EARNED',
        validUntil: null,
        qualifyingPoints: 250,
        next: { tier: { code: 'SILVER' }, remaining: 750, percent: 25 },
      },
    });
  });

  it('shows a member their referral code, and takes it with an enrolment', async () => {
    const member = memberViewer(await givenMember(test));
    const rules = `referralRules { referrerPoints friendPoints joinsPerDay }`;
    const set = await ask<{ payload: { program: object } }>(
      adminViewer(['PROGRAM_MANAGE']),
      `mutation { payload: setReferralRules(input: { referrerPoints: 500, friendPoints: 200 }) {
        program { ${rules} } userErrors { code } } }`,
    );
    const status = `{ me { referral { code invited joined pointsEarned } } program { ${rules} } }`;
    type Status = { me: { referral: { code: string } } };
    const { code } = (await ask<Status>(member, status)).me.referral;

    const enrolled = await ask<{ enrol: object }>(
      anonymous,
      `mutation ($input: EnrolInput!) { enrol(input: $input) { verificationId userErrors { code path } } }`,
      { input: { email: 'friend@example.com', referralCode: code } },
    );

    expect(set.payload.program).toEqual({
      referralRules: { referrerPoints: 500, friendPoints: 200, joinsPerDay: 5 },
    });
    expect(enrolled.enrol).toEqual({ verificationId: expect.any(String), userErrors: [] });
    expect(await ask<Status>(member, status)).toEqual({
      me: { referral: { code, invited: 1, joined: 0, pointsEarned: 0 } },
      program: { referralRules: { referrerPoints: 500, friendPoints: 200, joinsPerDay: null } },
    });
  });

  it('withdraws an invitation that the owner sees', async () => {
    const owner = memberViewer(await givenMember(test));
    await change(owner, 'createHousehold(name: "Home")');
    const { household: open } = await change(owner, 'inviteToHousehold(email: "b@example.com")');
    const { id } = open!.invitations![0]!;

    const withdrawn = await change(owner, 'withdrawHouseholdInvitation(id: $id)', { id });

    expect(withdrawn).toMatchObject({ household: { invitations: [] }, userErrors: [] });
    const stranger = memberViewer(await givenMember(test));
    await change(stranger, 'createHousehold(name: "Elsewhere")');
    expect(
      (await change(stranger, 'withdrawHouseholdInvitation(id: $id)', { id })).userErrors,
    ).toMatchObject([{ code: 'NOT_FOUND', path: ['id'] }]);
  });

  it('is for its members and staff: not for partners, whatever the member consents to', async () => {
    const ids = [await givenMember(test), await givenMember(test)] as const;
    await givenHousehold(test, [...ids]);
    const partnerId = await givenPartner(test);
    await givenConsent(test, ids[0], partnerId);
    const find = `query ($id: ID) { member(by: { id: $id }) { household { name members { mayChangeOn } } } }`;
    const asked = { id: ids[0] };

    expect(await ask(partnerViewer(partnerId), find, asked)).toEqual({
      member: { household: null },
    });
    expect(await ask(adminViewer(), find, asked)).toMatchObject({
      member: { household: { name: 'Home', members: [{}, {}] } },
    });
    expect(
      await codeOf(partnerViewer(partnerId), 'mutation { leaveHousehold { userErrors { code } } }'),
    ).toBe('FORBIDDEN');
  });
});
