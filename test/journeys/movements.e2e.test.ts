import { randomUUID } from 'node:crypto';
import { SetClock } from '../../platform/clock.ts';
import type { Viewer } from '../../platform/viewer.ts';
import { type System, startSystem } from '../../system.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenCurrency, givenRate } from '../support/given-conversions.ts';
import { givenLedgerPartner, noon } from '../support/given-points.ts';
import { givenOldMember } from '../support/given-transfers.ts';
import { adminViewer, configOn, memberViewer, testPlatform } from '../support/subgraph.ts';

const errors = 'userErrors { code path details { limit subject available } }';
const operations = {
  limits: `mutation ($input: RiskLimitsInput!) {
    setRiskLimits(input: $input) { program { riskLimits { stepUpFrom transfersPerDay } } ${errors} } }`,
  transfer: `mutation ($input: TransferPointsInput!) { transferPoints(input: $input) {
    status debited { points transfer { to { id } message } } balance { available held } ${errors} } }`,
  received: `{ me { balance { available }
    statement { nodes { kind points transfer { from { displayName } message } } } } }`,
  cases: `query ($status: RiskStatus) { riskCases(status: $status) {
    nodes { id status action points reasons member { id balance { held } } partner { id } } } }`,
  decide: `mutation ($id: ID!, $allow: Boolean!) {
    decideRiskCase(id: $id, allow: $allow, reason: "Known to the shop") {
      riskCase { status decidedBy decidedBecause } ${errors} } }`,
  adjust: `mutation ($input: AdjustPointsInput!) { adjustPoints(input: $input) {
    adjustment { id status points currency { code } requestedBy } ${errors} } }`,
  approve: `mutation ($id: ID!) { approveAdjustment(id: $id) {
    adjustment { status approvedBy } ${errors} } }`,
  adjustments: `query ($status: AdjustmentStatus) {
    adjustments(status: $status) { nodes { id member { id } reason } } }`,
  quote: `query ($to: String!) { quoteConversion(from: "PTS", to: $to, points: 1000) {
    id moved credited remaining } }`,
  convert: `mutation ($input: ConvertPointsInput!) { convertPoints(input: $input) {
    conversion { id status moved credited to { code } debited { kind points } }
    balance { available } ${errors} } }`,
  conversion: `query ($id: ID!) { conversion(id: $id) { status credited } }`,
  goal: `mutation ($input: ProgramGoalInput!) { setProgramGoal(input: $input) {
    program { goals { measure target current percent period { from to } } } ${errors} } }`,
  cost: `mutation ($input: ProgramCostInput!, $period: PeriodInput!) {
    recordProgramCost(input: $input) {
      program { costs(period: $period) { kind amount { amount currency } } } ${errors} } }`,
  membership: `query ($period: PeriodInput!) { program { membership(period: $period) {
    members activeMembers enrolled lapsed churnRate upgradeRate
    byTier { tier { code name } members }
    lifetimeValue { r alpha a b logLikelihood expectedPurchasesPerMember fittedAt
      expectedValuePerMember { amount currency } } } } }`,
  liability: `query ($asOf: DateTime, $period: PeriodInput!) { program { liability(asOf: $asOf) {
    asOf outstanding pending breakageRate trialBalance
    fairValue { amount currency } fairValueElsewhere { amount currency }
    byIssuer { issuer { id name } outstanding value { amount currency } }
    movement(period: $period) { opening issued redeemed expired exchanged adjusted closing } } } }`,
};

type Answer = Record<string, Record<string, never> & { userErrors?: unknown[] }>;

describe('points move between members, into another currency and by hand', () => {
  const test = useTestDatabase();
  let system: System;
  let ada: Viewer;
  let bea: Viewer;
  beforeAll(async () => {
    system = await startSystem(configOn(test), testPlatform(new SetClock(noon)));
    ada = memberViewer(await givenOldMember(test, 20_000n), ['BALANCE', 'TRANSFER']);
    bea = memberViewer(await givenOldMember(test), ['BALANCE', 'TRANSFER']);
  });
  afterAll(() => system.drain());

  const eve = { ...adminViewer(['LEDGER_ADJUST', 'PROGRAM_MANAGE']), subject: 'eve' };
  const ann = { ...adminViewer(['LEDGER_ADJUST']), subject: 'ann' };
  const support = { ...adminViewer(['MEMBERS_SUPPORT']), subject: 'sue' };

  /** One operation through the gateway, as a client has it answered. */
  async function ask(viewer: Viewer, query: string, variables: Record<string, unknown> = {}) {
    const { data, errors: faults } = await system.gateway.execute({ query, variables }, viewer);
    expect(faults).toBeUndefined();
    return JSON.parse(JSON.stringify(data)) as Answer;
  }
  const codeOf = async (viewer: Viewer, query: string, variables: Record<string, unknown> = {}) =>
    (await system.gateway.execute({ query, variables }, viewer)).errors?.[0]?.extensions?.['code'];
  const transferOf = (
    points: number,
    to = bea.memberId,
    idempotencyKey: string = randomUUID(),
  ) => ({
    input: { to: { id: to }, points, message: 'For the tickets', idempotencyKey },
  });

  it('a member gives points to another, who reads from whom and why', async () => {
    expect(await ask(ada, operations.transfer, transferOf(500))).toMatchObject({
      transferPoints: {
        status: 'POSTED',
        debited: {
          points: -500,
          transfer: { to: { id: bea.memberId }, message: 'For the tickets' },
        },
        balance: { available: 19_500, held: 0 },
        userErrors: [],
      },
    });
    expect(await ask(bea, operations.received)).toEqual({
      me: {
        balance: { available: 500 },
        statement: {
          nodes: [
            {
              kind: 'TRANSFER_IN',
              points: 500,
              transfer: { from: { displayName: 'Ada' }, message: 'For the tickets' },
            },
          ],
        },
      },
    });
  });

  it('a large amount needs a second factor, which the session then has', async () => {
    const large = transferOf(9_500);
    expect(await ask(ada, operations.transfer, large)).toMatchObject({
      transferPoints: {
        status: null,
        debited: null,
        userErrors: [
          {
            code: 'STEP_UP_REQUIRED',
            path: [],
            details: { limit: '10000', subject: 'LARGE_AMOUNT' },
          },
        ],
      },
    });

    ada = { ...ada, steppedUpAt: new Date(noon.getTime() - 60_000) };

    expect(await ask(ada, operations.transfer, large)).toMatchObject({
      transferPoints: { status: 'POSTED', balance: { available: 10_000 } },
    });
  });

  it.each([
    ['allowed', true, 'POSTED', 8_000],
    ['denied', false, 'REVERSED', 8_000],
  ])('what looks odd waits for staff, and is %s', async (_, allow, status, available) => {
    await ask(eve, operations.limits, { input: { receiversPer30Days: 1 } });
    const cleo = await givenOldMember(test);
    const asked = transferOf(2_000, cleo);
    expect(await ask(ada, operations.transfer, asked)).toMatchObject({
      transferPoints: { status: 'UNDER_REVIEW', debited: null, balance: { held: 2_000 } },
    });

    const { riskCases } = (await ask(support, operations.cases, { status: 'OPEN' })) as never as {
      riskCases: { nodes: { id: string }[] };
    };
    expect(riskCases.nodes).toEqual([
      {
        id: expect.any(String) as string,
        status: 'OPEN',
        action: 'TRANSFER',
        points: 2_000,
        reasons: ['MANY_RECEIVERS'],
        member: { id: ada.memberId, balance: { held: 2_000 } },
        partner: null,
      },
    ]);
    const { id } = riskCases.nodes[0]!;
    expect(await ask(support, operations.decide, { id, allow })).toMatchObject({
      decideRiskCase: {
        riskCase: { decidedBy: 'sue', decidedBecause: 'Known to the shop' },
        userErrors: [],
      },
    });

    expect(await ask(ada, operations.transfer, asked)).toMatchObject({
      transferPoints: { status, balance: { available, held: 0 } },
    });
  });

  it('a large adjustment needs four eyes', async () => {
    const memberId = bea.memberId!;
    const input = { memberId, points: 50_000, reason: 'Lost purchase', idempotencyKey: 'a' };
    const { adjustPoints } = await ask(eve, operations.adjust, { input });
    const { adjustment } = adjustPoints as never as { adjustment: { id: string } };
    expect(adjustment).toMatchObject({ status: 'AWAITING_APPROVAL', requestedBy: 'eve' });
    const { id } = adjustment;

    expect(await ask(eve, operations.approve, { id })).toMatchObject({
      approveAdjustment: { adjustment: null, userErrors: [{ code: 'NOT_ALLOWED', path: ['id'] }] },
    });
    expect(await ask(ann, operations.adjustments, { status: 'AWAITING_APPROVAL' })).toEqual({
      adjustments: { nodes: [{ id, member: { id: memberId }, reason: 'Lost purchase' }] },
    });
    expect(await ask(ann, operations.approve, { id })).toMatchObject({
      approveAdjustment: { adjustment: { status: 'POSTED', approvedBy: 'ann' }, userErrors: [] },
    });
    expect(await ask(bea, '{ me { balance { available } } }')).toEqual({
      me: { balance: { available: 60_000 } },
    });
  });

  it('points become miles at the quoted rate', async () => {
    const programId = await givenLedgerPartner(test);
    const to = await givenCurrency(test, programId);
    await givenRate(test, { from: 'PTS', to, programId, fromBlock: 400n, toBlock: 250n });
    const { quoteConversion } = await ask(bea, operations.quote, { to });
    expect(quoteConversion).toMatchObject({ moved: 800, credited: 500, remaining: 200 });

    const { id: quoteId } = quoteConversion as never as { id: string };
    const input = { from: 'PTS', to, points: 1_000, quoteId, idempotencyKey: 'a' };
    const { convertPoints } = await ask(bea, operations.convert, { input });
    expect(convertPoints).toMatchObject({
      conversion: {
        status: 'POSTED',
        moved: 800,
        credited: 500,
        to: { code: to },
        debited: { kind: 'CONVERSION', points: -800 },
      },
      balance: { available: 59_200 },
      userErrors: [],
    });
    const { id } = (convertPoints as never as { conversion: { id: string } }).conversion;
    expect(await ask(bea, operations.conversion, { id })).toMatchObject({
      conversion: { status: 'POSTED', credited: 500 },
    });
    expect(await ask(ada, operations.conversion, { id })).toEqual({ conversion: null });
  });

  it('staff read what became of it all, and what the program wants and costs', async () => {
    const today = noon.toISOString().slice(0, 10);
    const period = { from: today, to: today };
    // Ada's 8,000, Bea's 59,200 and the 2,000 that were allowed; of them 50,000 are the coalition's own.
    expect(await ask(eve, operations.liability, { period, asOf: noon })).toMatchObject({
      program: {
        liability: {
          asOf: noon.toISOString(),
          outstanding: 69_200,
          pending: 0,
          trialBalance: 0,
          breakageRate: '0',
          fairValueElsewhere: [],
          movement: { closing: 69_200 },
        },
      },
    });
    expect(await ask(eve, operations.membership, { period })).toMatchObject({
      program: {
        membership: { members: 4, enrolled: 0, lapsed: 0, byTier: [], lifetimeValue: null },
      },
    });

    const goal = { measure: 'REDEMPTION_RATE', target: '0.5', period };
    expect(await ask(eve, operations.goal, { input: goal })).toMatchObject({
      setProgramGoal: { program: { goals: [{ ...goal }] }, userErrors: [] },
    });
    const amount = { amount: '12.50', currency: 'EUR' };
    const cost = { kind: 'MARKETING', on: today, amount, reference: 'invoice 7' };
    const { recordProgramCost } = await ask(eve, operations.cost, { input: cost, period });
    expect(recordProgramCost).toMatchObject({ userErrors: [] });
    expect((recordProgramCost as never as { program: { costs: unknown } }).program.costs).toEqual(
      expect.arrayContaining([{ kind: 'MARKETING', amount }]),
    );
    expect(await codeOf(ann, operations.goal, { input: goal })).toBe('FORBIDDEN');
  });

  it('keeps those out who may not', async () => {
    const plain = memberViewer(ada.memberId!, ['BALANCE']);
    const input = { memberId: bea.memberId, points: 1, reason: 'x', idempotencyKey: 'x' };

    expect(await codeOf(plain, operations.transfer, transferOf(1))).toBe('FORBIDDEN');
    expect(await codeOf(ada, operations.cases)).toBe('FORBIDDEN');
    expect(await codeOf(ann, operations.cases)).toBe('FORBIDDEN');
    expect(await codeOf(support, operations.adjust, { input })).toBe('FORBIDDEN');
    expect(await codeOf(ann, operations.limits, { input: {} })).toBe('FORBIDDEN');
    expect(await ask(ada, '{ program { riskLimits { stepUpFrom } } }')).toEqual({
      program: { riskLimits: null },
    });
  });
});
