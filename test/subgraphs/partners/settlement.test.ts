import { randomUUID } from 'node:crypto';
import { jest } from '@jest/globals';
import pg from 'pg';
import {
  type ReverseAccrual,
  accruePoints,
  cancelRedemption,
  redeemPoints,
  reverseAccrual,
  settleDue,
  sharedCurrency,
} from '../../../ledger/index.ts';
import { SetClock } from '../../../platform/clock.ts';
import { rows } from '../../../platform/database.ts';
import type { Subgraph } from '../../../platform/subgraph.ts';
import type { Viewer } from '../../../platform/viewer.ts';
import { mergeMembers } from '../../../subgraphs/members/merging/merges.ts';
import { createSandboxMember } from '../../../subgraphs/members/membership/sandbox.ts';
import { recordActivity } from '../../../subgraphs/partners/activities/activities.ts';
import { sellPoints } from '../../../subgraphs/partners/credit/sales.ts';
import type { CreateOffer } from '../../../subgraphs/partners/offers/offers.ts';
import { refundActivity } from '../../../subgraphs/partners/refunds/refunds.ts';
import { start } from '../../../subgraphs/partners/server.ts';
import { redeemReward } from '../../../subgraphs/rewards-catalog/redemptions.ts';
import { testConfig } from '../../support/config.ts';
import { statementsHeard } from '../../support/statements.ts';
import { useTestDatabase } from '../../support/database.ts';
import { givenCurrency } from '../../support/given-conversions.ts';
import { givenConsent, givenMember } from '../../support/given-members.ts';
import { givenOffer } from '../../support/given-offers.ts';
import {
  aPointAUnit,
  givenContract,
  givenPartner,
  givenRules,
} from '../../support/given-partners.ts';
import { aRedemption, anAccrual } from '../../support/given-points.ts';
import { givenReward } from '../../support/given-rewards.ts';
import { givenStaff } from '../../support/given-staff.ts';
import { tillOf } from '../../support/given-tills.ts';
import { runJob } from '../../support/jobs.ts';
import { keptMail } from '../../support/mail.ts';
import { race } from '../../support/race.ts';
import { refusal } from '../../support/refusal.ts';
import {
  adminViewer,
  callsOf,
  configOn,
  partnerViewer,
  testPlatform,
} from '../../support/subgraph.ts';

interface Statement {
  id: string;
  status: string;
  partner: { id: string };
  issuedPoints: number;
  reversedPoints: number;
  redeemedPoints: number;
  issuance: Money;
  reimbursement: Money;
  fees: Money;
  adjustments: Money;
  disputed: Money;
  net: Money;
  due: Money;
  issuedAt: string | null;
  dueOn: string | null;
  paidAt: string | null;
  paymentReference: string | null;
  csvUrl: string | null;
  lines: { nodes: Line[] };
}
interface Money {
  amount: string;
  currency: string;
}
interface Line {
  id: string;
  kind: string;
  reference: string;
  points: number;
  rate: string;
  amount: Money;
  contractVersion: number;
  occurredAt: string;
  postedAt: string;
  disputed: boolean;
}
interface Payload {
  statements: Statement[] | null;
  userErrors: { code: string; path: string[]; details: { subject: string | null } | null }[];
}

const fields = `id status partner { id } issuedPoints reversedPoints redeemedPoints
  issuance { amount currency } reimbursement { amount } fees { amount } adjustments { amount }
  disputed { amount } net { amount } due { amount } issuedAt dueOn paidAt paymentReference csvUrl
  lines(first: 100) { nodes { id kind reference points rate amount { amount } contractVersion occurredAt
    postedAt disputed } }`;
const payload = `{ statements { ${fields} } userErrors { code path details { subject } } }`;
const close = `mutation ($month: Date!) { done: closeSettlementMonth(month: $month) ${payload} }`;
const dispute = `mutation ($id: ID!, $lineIds: [ID!], $reason: String!) {
  done: disputeStatement(id: $id, lineIds: $lineIds, reason: $reason) ${payload} }`;
const resolve = `mutation ($id: ID!, $lineIds: [ID!], $uphold: Boolean!) {
  done: resolveDispute(id: $id, lineIds: $lineIds, uphold: $uphold, reason: "Looked at.") ${payload} }`;
const pay = `mutation ($id: ID!, $by: String!) {
  done: markStatementPaid(id: $id, paymentReference: $by) ${payload} }`;
const one = `query ($id: ID!) { settlementStatement(id: $id) { ${fields} } }`;

describe('settlement', () => {
  const test = useTestDatabase();
  const clock = new SetClock(new Date('2031-01-15T12:00:00Z'));
  const admin = adminViewer();
  let subgraph: Subgraph;
  const { ask, codeOf } = callsOf(() => subgraph);
  beforeAll(async () => {
    subgraph = await start(configOn(test), testPlatform(clock));
  });
  afterAll(() => subgraph.drain());

  const ofPartner = (partnerId: string) => partnerViewer(partnerId, ['SETTLEMENT_READ']);
  const act = async (viewer: Viewer, mutation: string, given: object) =>
    (await ask<{ done: Payload }>(viewer, mutation, given)).done;
  const closed = async (month: string) => (await act(admin, close, { month })).statements!;
  const of = (all: Statement[], partnerId: string) =>
    all.find(({ partner }) => partner.id === partnerId)!;
  const read = async (id: string, viewer: Viewer = admin) =>
    (await ask<{ settlementStatement: Statement | null }>(viewer, one, { id })).settlementStatement;
  const lineIn = ({ lines }: Statement, reference: string) =>
    lines.nodes.find((line) => line.reference === reference)!;
  const codesOf = ({ userErrors }: Payload) => userErrors.map(({ code }) => code);

  /** Each test has months of its own, which it closes: 2026-01, 2026-02, … */
  let months = 0;
  const nextMonth = () => {
    const month = `${2026 + Math.floor(months / 12)}-${String((months++ % 12) + 1).padStart(2, '0')}`;
    return {
      month: `${month}-01`,
      on: (day: number) => new Date(`${month}-${String(day).padStart(2, '0')}T12:00:00Z`),
    };
  };

  const db = () => test.db('partners');
  const accrue = async (issuerId: string, points: bigint, at: Date, issuePrice = '0.0120') => {
    const accrual = anAccrual({
      memberId: randomUUID(),
      issuerId,
      points,
      issuePrice,
      effectiveAt: at,
      at,
    });
    await accruePoints(db(), accrual);
    return accrual;
  };
  const reverse = (
    { memberId, key }: { memberId: string; key: string },
    points: bigint,
    at: Date,
    terms: Pick<ReverseAccrual, 'clawback' | 'risk'> = { clawback: 'DEBT', risk: 'ISSUER' },
  ) =>
    reverseAccrual(db(), {
      memberId,
      accrualId: key,
      key: randomUUID(),
      points,
      ...terms,
      source: { kind: 'activity', id: key },
      description: 'Return',
      effectiveAt: at,
      at,
    });
  const redeem = async (memberId: string, partnerId: string, points: bigint, at: Date) => {
    const redemption = aRedemption({ memberId, partnerId, points, effectiveAt: at, at });
    await redeemPoints(db(), redemption);
    return redemption;
  };
  /** What staff is told by e-mail of what has happened until now, by address and time. */
  const mailed = async () => {
    const mail = keptMail();
    await runJob(test, 'notice-events', { mail });
    await runJob(test, 'mail-staff', { mail });
    return mail.sent.sort((a, b) => (a.to < b.to ? -1 : Number(a.to > b.to)));
  };
  const buy = async (
    partnerId: string,
    reference: string,
    occurredAt: Date,
    { at = occurredAt, amount = '100', currency = 'EUR' } = {},
  ) => {
    const memberId = await givenMember(test);
    await givenConsent(test, memberId, partnerId);
    return recordActivity(
      db(),
      {
        member: { id: memberId },
        kind: 'PURCHASE',
        reference,
        occurredAt,
        amount: { amount, currency },
      },
      { viewer: partnerViewer(partnerId), clock: new SetClock(at) },
    );
  };

  it('nets the coalition of three, as the worked example does', async () => {
    const { month, on } = nextMonth();
    const terms = (issuePrice: string, redemptionRate: string) => ({
      contract: { issuePrice, redemptionRate, feeRate: '0.02', paymentTermsDays: 14 },
    });
    const airline = await givenPartner(test, { name: 'Airline', ...terms('0.0120', '0.0080') });
    const hotel = await givenPartner(test, { name: 'Hotel', ...terms('0.0110', '0.0085') });
    const card = await givenPartner(test, { name: 'Issuer', ...terms('0.0105', '0.0090') });
    const flown = await accrue(airline, 1_200_000n, on(3), '0.0120');
    const stayed = await accrue(hotel, 400_000n, on(4), '0.0110');
    const spent = await accrue(card, 2_500_000n, on(5), '0.0105');
    await reverse(flown, 60_000n, on(6));
    await reverse(stayed, 10_000n, on(7));
    await reverse(spent, 125_000n, on(8));
    await redeem(spent.memberId, airline, 850_000n, on(9));
    await redeem(spent.memberId, hotel, 660_000n, on(10)).then(({ key, memberId }) =>
      cancelRedemption(db(), {
        memberId,
        transferId: key,
        key: randomUUID(),
        points: 10_000n,
        source: { kind: 'redemption', id: key },
        description: 'Cancelled',
        effectiveAt: on(11),
        at: on(11),
      }),
    );
    await redeem(spent.memberId, card, 40_000n, on(12));
    const people = { role: 'PARTNER_FINANCE', locale: 'en-GB' } as const;
    await givenStaff(test, { ...people, email: 'ann@example.com', partnerId: airline });
    await givenStaff(test, { ...people, email: 'ben@example.com', partnerId: hotel, locale: 'de' });

    const report = `query ($of: [_Any!]!, $month: Date!) { _entities(representations: $of) { ... on Program {
      settlement(month: $month) { closed net { amount currency }
        statements { nodes { status net { amount } } } } } } }`;
    const asked = { of: [{ __typename: 'Program', id: randomUUID() }], month };
    const position = async () =>
      (await ask<{ _entities: object[] }>(admin, report, asked))._entities;
    const nets = (status: string) =>
      ['7153.60', '-1149.20', '25076.25'].map((amount) => ({ status, net: { amount } }));
    const net = [{ amount: '31080.65', currency: 'EUR' }];

    expect(await position()).toEqual([
      { settlement: { closed: false, net, statements: { nodes: nets('OPEN') } } },
    ]);
    const statements = await closed(month);
    expect(of(statements, airline)).toMatchObject({
      status: 'ISSUED',
      issuedPoints: 1_200_000,
      reversedPoints: 60_000,
      redeemedPoints: 850_000,
      issuance: { amount: '13680.00', currency: 'EUR' },
      fees: { amount: '273.60' },
      reimbursement: { amount: '6800.00' },
      adjustments: { amount: '0.00' },
      disputed: { amount: '0.00' },
      due: { amount: '7153.60' },
      dueOn: '2031-01-29',
    });
    expect(of(statements, hotel)).toMatchObject({
      redeemedPoints: 650_000,
      issuance: { amount: '4290.00' },
      fees: { amount: '85.80' },
      reimbursement: { amount: '5525.00' },
    });
    expect(of(statements, card)).toMatchObject({
      issuance: { amount: '24937.50' },
      fees: { amount: '498.75' },
      reimbursement: { amount: '360.00' },
    });
    expect(await position()).toEqual([
      { settlement: { closed: true, net, statements: { nodes: nets('ISSUED') } } },
    ]);
    expect(await mailed()).toEqual([
      {
        to: 'ann@example.com',
        subject: 'Statement of January 2026 for Airline',
        text: 'Airline owes the coalition €7,153.60, due on 29 January 2031. You have 30 days to dispute it.\n',
      },
      {
        to: 'ben@example.com',
        subject: 'Abrechnung Januar 2026 für Hotel',
        text: 'Der Verbund schuldet Hotel 1.149,20\u00a0€, fällig am 29. Januar 2031. Sie haben 30 Tage, um ihr zu widersprechen.\n',
      },
    ]);
  });

  it('goes by the contract of the day, and takes back at the price of issue', async () => {
    const [first, second] = [nextMonth(), nextMonth()];
    const partnerId = await givenPartner(test, {
      contract: { issuePrice: '0.0100', feeRate: '0.05' },
    });
    await givenContract(db(), partnerId, {
      validFrom: second.month,
      issuePrice: '0.0300',
      feeRate: '0.10',
    });
    const bought = await buy(partnerId, 'R-1', first.on(10));
    const late = { occurredAt: first.on(20), postedAt: second.on(2) };
    await closed(first.month);
    await buy(partnerId, 'R-2', late.occurredAt, { at: late.postedAt });
    await reverse({ memberId: bought.memberId, key: bought.id }, 40n, second.on(5));
    await buy(partnerId, 'R-3', second.on(6));

    const statement = of(await closed(second.month), partnerId);

    const amounts = statement.lines.nodes.map(
      ({ kind, reference, points, rate, amount, contractVersion }) => [
        kind,
        reference,
        points,
        Number(rate),
        Number(amount.amount),
        contractVersion,
      ],
    );
    expect(amounts).toEqual([
      ['ISSUANCE', 'R-2', 100, 0.01, 1, 1],
      ['ISSUANCE_REVERSAL', 'R-1', 40, 0.01, -0.4, 1],
      ['ISSUANCE', 'R-3', 100, 0.03, 3, 2],
      ['FEE', 'Contract version 1', 60, 0.05, 0.03, 1],
      ['FEE', 'Contract version 2', 100, 0.1, 0.3, 2],
    ]);
    expect(lineIn(statement, 'R-2')).toMatchObject({
      occurredAt: late.occurredAt.toISOString(),
      postedAt: late.postedAt.toISOString(),
    });
    expect(statement.net.amount).toBe('3.93');
  });

  it('lets no version of a contract begin in a month that is closed', async () => {
    const { month, on } = nextMonth();
    const next = nextMonth();
    const partnerId = await givenPartner(test, { contract: { redemptionRate: '0.008' } });
    const memberId = randomUUID();
    const issuerId = await givenPartner(test);
    await accruePoints(db(), anAccrual({ memberId, issuerId, points: 500n, at: on(2) }));
    const redeemed = await redeem(memberId, partnerId, 500n, on(5));
    await closed(month);

    const rate = { redemptionRate: '0.020' };
    const last = on(28).toISOString().slice(0, 10);
    await expect(givenContract(db(), partnerId, { ...rate, validFrom: last })).rejects.toEqual(
      refusal('CONFLICT', ['validFrom'], { subject: month }),
    );
    await givenContract(db(), partnerId, { ...rate, validFrom: next.month });
    await cancelRedemption(db(), {
      memberId,
      key: randomUUID(),
      transferId: redeemed.key,
      description: 'Cancelled',
      source: redeemed.source,
      at: next.on(3),
    });
    // At the rate at which it was paid.
    const { lines, net } = of(await closed(next.month), partnerId);
    expect([lines.nodes[0]!.kind, net.amount]).toEqual(['REDEMPTION_CANCELLATION', '4.00']);
  });

  it('rounds once for each kind and price, and not each line', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, { contract: { currency: 'JPY' } });
    for (const price of ['0.4', '0.4', '0.4', '0.2']) await accrue(partnerId, 1n, on(5), price);

    const { lines, issuance } = of(await closed(month), partnerId);

    // 3 x 0.4 = 1.2 is 1 yen, and 0.2 is none; one by one it would be none at all.
    expect(lines.nodes).toHaveLength(4);
    expect(issuance).toEqual({ amount: '1', currency: 'JPY' });
  });

  it('names redemptions and holds as tills do, and goes by what the till was told', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, { contract: { redemptionRate: '0.0050' } });
    const memberId = await givenMember(test, 1_000n, randomUUID(), on(1));
    await givenConsent(test, memberId, partnerId);
    const till = tillOf(test, partnerId, { at: on(2) });
    const hold = await till.hold(memberId, { points: 200n, reference: 'TILL-7' });
    await givenContract(db(), partnerId, {
      validFrom: on(3).toISOString().slice(0, 10),
      redemptionRate: '0.0070',
    });
    await tillOf(test, partnerId, { at: on(2) }).capture(hold.id);
    const { id: rewardId } = await givenReward(test, { partnerId, price: 300n });
    const redemption = await redeemReward(
      test.db('rewards-catalog'),
      { rewardId, idempotencyKey: 'a' },
      { memberId, clock: new SetClock(on(9)), sealKey: testConfig().sealKey },
    );

    const statement = of(await closed(month), partnerId);

    expect(lineIn(statement, 'TILL-7')).toMatchObject({
      kind: 'REDEMPTION',
      rate: '0.0050',
      points: 200,
    });
    expect(lineIn(statement, redemption.number)).toMatchObject({
      rate: '0.0070',
      contractVersion: 2,
    });
    expect(statement.net.amount).toBe('-3.10');
  });

  it('pays for a reward with a face value by that, and not by the points that were asked', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, { contract: { redemptionRate: '0.0080' } });
    const faceValue = { amount: '25.00', currency: 'EUR' };
    const { id: rewardId } = await givenReward(test, {
      partnerId,
      kind: 'GIFT_CARD',
      price: 3_300n,
      faceValue,
    });
    const memberId = await givenMember(test, 10_000n, randomUUID(), on(1));
    const { number } = await redeemReward(
      test.db('rewards-catalog'),
      { rewardId, quantity: 2, idempotencyKey: 'a' },
      { memberId, clock: new SetClock(on(9)), sealKey: testConfig().sealKey },
    );

    const statement = of(await closed(month), partnerId);

    expect(Number(lineIn(statement, number).amount.amount)).toBe(-50);
    expect(statement).toMatchObject({ redeemedPoints: 6_600, reimbursement: { amount: '50.00' } });
    const other = { currency: 'USD', amount: '25.00' };
    await expect(givenReward(test, { partnerId, faceValue: other })).rejects.toEqual(
      expect.objectContaining({ code: 'INVALID', inputPath: ['faceValue', 'currency'] }),
    );
  });

  it('invoices no points of a prepaid contract, and nothing of the sandbox', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, {
      contract: { billing: 'PREPAID', feeRate: '0.02' },
    });
    await accrue(partnerId, 500n, on(3));
    const other = await givenPartner(test);
    const trial = await createSandboxMember(
      test.db('members'),
      { displayName: 'Trial' },
      { viewer: { ...partnerViewer(other), sandbox: true }, clock: new SetClock(on(4)) },
    );
    await accruePoints(
      db(),
      anAccrual({ memberId: trial.id, issuerId: other, points: 9n, at: on(5), effectiveAt: on(5) }),
    );

    const statements = await closed(month);

    expect(of(statements, partnerId)).toMatchObject({ issuedPoints: 500, net: { amount: '0.00' } });
    expect(of(statements, other)?.issuedPoints ?? 0).toBe(0);
  });

  it('has nothing of points of the partner’s own currency', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, { contract: { issuePrice: '0.01' } });
    const currency = await givenCurrency(test, partnerId);
    const own = { code: 'OWN', name: 'Own', earn: { spend: '7' }, currency };
    await givenRules(db(), partnerId, [aPointAUnit, own], new Date('2020-02-01T00:00:00Z'));
    const { id } = await buy(partnerId, 'A', on(5));
    const half = {
      activityId: id,
      refundReference: 'B',
      amount: { amount: '50', currency: 'EUR' },
    };
    const by = { viewer: partnerViewer(partnerId), clock: new SetClock(on(6)) };
    expect(await refundActivity(db(), half, by)).toMatchObject({
      ownPoints: 700n,
      ownReversed: 350n,
    });

    const statement = of(await closed(month), partnerId);

    expect(statement.net.amount).toBe('0.50');
    expect(statement.lines.nodes).toMatchObject([
      { kind: 'ISSUANCE', reference: 'A', points: 100 },
      { kind: 'ISSUANCE_REVERSAL', reference: 'A', points: 50 },
    ]);
  });

  it('lets the issuer bear what could not be taken back, where the contract says so', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, { contract: { issuePrice: '0.01' } });
    const accrual = await accrue(partnerId, 1_000n, on(3), '0.01');
    await redeem(accrual.memberId, partnerId, 700n, on(4));
    await reverse(accrual, 1_000n, on(5), { clawback: 'WITHIN_BALANCE', risk: 'ISSUER' });

    const statement = of(await closed(month), partnerId);

    expect(statement).toMatchObject({
      issuance: { amount: '0.00' },
      adjustments: { amount: '7.00' },
      reimbursement: { amount: '5.60' },
      net: { amount: '1.40' },
    });
  });

  it('takes back what was not confirmed in time, wherever a merge has brought it', async () => {
    const { month, on } = nextMonth();
    const issuerId = await givenPartner(test, {
      contract: { pending: 'ON_CONFIRMATION', issuePrice: '0.01', feeRate: '0.02' },
    });
    const into = await givenMember(test);
    const { memberId } = await buy(issuerId, 'FLIGHT-1', on(3));
    await mergeMembers(
      test.db('members'),
      { fromId: memberId, intoId: into, reason: 'The same person.' },
      { viewer: admin, clock: new SetClock(on(4)) },
    );
    expect(of(await closed(month), issuerId)).toMatchObject({ net: { amount: '1.02' } });

    // A year later, at the price of issue.
    months += 11;
    const lapsed = nextMonth();
    await settleDue(test.db('worker'), 1_000, lapsed.on(20));
    const statement = of(await closed(lapsed.month), issuerId);

    expect(statement).toMatchObject({ reversedPoints: 100, net: { amount: '-1.02' } });
    expect(lineIn(statement, 'FLIGHT-1')).toMatchObject({ kind: 'ISSUANCE_REVERSAL', points: 100 });
  });

  it('charges what a prepaid contract lets the partner bear: its block is full again', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, {
      contract: { billing: 'PREPAID', issuePrice: '0.01', redemptionRate: '0.008' },
    });
    const accrual = await accrue(partnerId, 1_000n, on(3), '0.01');
    await redeem(accrual.memberId, partnerId, 700n, on(4));
    await reverse(accrual, 1_000n, on(5), { clawback: 'WITHIN_BALANCE', risk: 'ISSUER' });

    expect(of(await closed(month), partnerId)).toMatchObject({
      issuance: { amount: '0.00' },
      adjustments: { amount: '7.00' },
      reimbursement: { amount: '5.60' },
    });
  });

  it('closes months that are over, in their order, for staff alone', async () => {
    const [first, second] = [nextMonth(), nextMonth()];
    const partnerId = await givenPartner(test);
    await accrue(partnerId, 10n, first.on(28));

    for (const month of ['2026-02-02', '2031-01-01', '2031-02-01', '1969-01-01']) {
      const refused = await act(admin, close, { month });
      expect(refused).toMatchObject({
        statements: null,
        userErrors: [{ code: 'INVALID', path: ['month'] }],
      });
    }
    expect((await act(admin, close, { month: second.month })).userErrors).toEqual([
      { code: 'CONFLICT', path: ['month'], details: { subject: first.month } },
    ]);
    expect(await codeOf(ofPartner(partnerId), close, { month: first.month })).toBe('FORBIDDEN');
    expect(await codeOf(adminViewer([]), close, { month: first.month })).toBe('FORBIDDEN');
    expect(of(await closed(first.month), partnerId).issuedPoints).toBe(10);
    expect(codesOf(await act(admin, close, { month: '2025-12-01' }))).toEqual(['CONFLICT']);
    await closed(second.month);
  });

  it('gives the same statements again, also to two who close at once, and changes none', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test);
    await accrue(partnerId, 10n, on(3));

    const { answers } = await race(db(), 4, () => act(admin, close, { month }));
    const statements = answers.flatMap((each) =>
      each.statements ? [of(each.statements, partnerId)] : [],
    );

    expect(new Set(statements.map(({ id }) => id)).size).toBe(1);
    expect(answers.flatMap(codesOf).filter((code) => code !== 'IN_PROGRESS')).toEqual([]);
    await accrue(partnerId, 10n, on(4));
    expect(of(await closed(month), partnerId)).toEqual(statements[0]);
    const told = await rows(
      test.owner(),
      `SELECT partner_id FROM platform.outbox
      WHERE type = 'statement.issued' AND payload ->> 'statementId' = $1`,
      [statements[0]!.id],
    );
    expect(told).toEqual([{ partner_id: partnerId }]);
    for (const change of [
      'UPDATE partners.settlement_line SET amount = 0',
      'DELETE FROM partners.settlement_line',
      'UPDATE partners.settlement_sum SET amount = 0',
      `UPDATE partners.settlement_statement SET due_on = '2040-01-01'`,
      'DELETE FROM partners.settlement_statement',
      'UPDATE partners.campaign_cost SET cost = 0',
    ]) {
      await expect(rows(test.owner(), change)).rejects.toThrow('What was settled stays as it is');
      await expect(rows(db(), change)).rejects.toThrow(/permission denied|stays as it is/);
    }
  });

  it('settles every point once while activities are posted as months are closed', async () => {
    const partnerId = await givenPartner(test);
    const all = [nextMonth(), nextMonth(), nextMonth()];
    // Posted into months that are closed meanwhile, each in a transaction that ends some time later.
    const posting = Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const at = all[index % 3]!.on(10);
        await db().transaction(async (tx) => {
          await accruePoints(
            tx,
            anAccrual({
              memberId: randomUUID(),
              issuerId: partnerId,
              points: BigInt(index + 1),
              at,
              effectiveAt: at,
            }),
          );
          await tx.query('SELECT pg_sleep($1)', [(index % 5) / 100]);
        });
      }),
    );
    for (const { month } of all) await closed(month);
    await posting;
    const last = nextMonth();
    await closed(last.month);

    // By another route: what the ledger's accounts moved by, and the lines' points.
    const booked = await rows(
      test.owner(),
      `
      SELECT c.owner, c.kind, sum(abs(t.points - t.debt))::integer AS points FROM ledger.movement t
      JOIN ledger.counter_account c ON c.id = t.counter_account
      JOIN partners.partner p ON p.id = c.owner
      WHERE c.kind LIKE 'PARTNER%' AND t.currency = $1 AND t.posted_at < $2
        AND t.member_id NOT IN (SELECT id FROM members.member WHERE sandbox)
      GROUP BY 1, 2 ORDER BY 1, 2`,
      [sharedCurrency, new Date('2031-01-01')],
    );
    const settled = await rows(
      test.owner(),
      `
      SELECT s.partner_id AS owner,
             CASE WHEN l.kind LIKE 'ISSUANCE%' THEN 'PARTNER_ISSUANCE'
                  WHEN l.kind LIKE 'REDEMPTION%' THEN 'PARTNER_REDEMPTION' ELSE 'PARTNER_WRITE_OFF' END AS kind,
             sum(l.points)::integer AS points
      FROM partners.settlement_line l JOIN partners.settlement_statement s ON s.id = l.statement_id
      WHERE l.kind <> 'FEE' GROUP BY 1, 2 ORDER BY 1, 2`,
    );
    expect(settled).toEqual(booked);
    expect(settled).toContainEqual({ owner: partnerId, kind: 'PARTNER_ISSUANCE', points: 1_830 });
  });

  it('leaves disputed lines out of what is due, and credits in the next what is upheld', async () => {
    const [first, second] = [nextMonth(), nextMonth()];
    const partnerId = await givenPartner(test, { contract: { issuePrice: '0.01' } });
    await givenStaff(test, { email: 'eve@example.com', role: 'PARTNER_OWNER', partnerId });
    for (const reference of ['A', 'B', 'C']) await buy(partnerId, reference, first.on(5));
    const statement = of(await closed(first.month), partnerId);
    const [a, b] = ['A', 'B'].map((reference) => lineIn(statement, reference).id);
    const viewer = ofPartner(partnerId);
    const { id } = statement;

    const disputed = await act(viewer, dispute, { id, lineIds: [a, b], reason: 'Never sold.' });
    expect(disputed.statements).toMatchObject([
      {
        status: 'DISPUTED',
        net: { amount: '3.00' },
        disputed: { amount: '2.00' },
        due: { amount: '1.00' },
      },
    ]);
    expect(await act(viewer, dispute, { id, lineIds: [a], reason: 'Again.' })).toEqual(disputed);
    expect(codesOf(await act(admin, pay, { id, by: 'SEPA-1' }))).toEqual(['CONFLICT']);

    const refused = await act(admin, resolve, { id, lineIds: [b], uphold: false });
    expect(refused.statements).toMatchObject([{ status: 'DISPUTED', due: { amount: '2.00' } }]);
    const { answers } = await race(db(), 3, () =>
      act(admin, resolve, { id, lineIds: [a], uphold: true }),
    );
    expect(answers.flatMap((each) => each.statements)).toMatchObject(
      Array(3).fill({ status: 'ISSUED', disputed: { amount: '0.00' }, due: { amount: '3.00' } }),
    );
    expect(codesOf(await act(admin, resolve, { id, lineIds: [a], uphold: false }))).toEqual([
      'CONFLICT',
    ]);
    // One line was refused; the other was upheld, three times at once.
    const toEve = (await mailed()).filter(({ to }) => to === 'eve@example.com');
    expect(toEve.map(({ text }) => /owes|refused|upheld/.exec(text)![0]).sort()).toEqual([
      'owes',
      'refused',
      'upheld',
    ]);
    expect(codesOf(await act(viewer, dispute, { id, lineIds: [a], reason: 'Still.' }))).toEqual([
      'CONFLICT',
    ]);

    const next = of(await closed(second.month), partnerId);
    expect(next).toMatchObject({ adjustments: { amount: '-1.00' }, net: { amount: '-1.00' } });
    expect(next.lines.nodes).toMatchObject([{ kind: 'DISPUTE', reference: 'A', points: 100 }]);
  });

  it('takes a whole statement into dispute, and decides the rest of it together', async () => {
    const [first, second] = [nextMonth(), nextMonth()];
    const partnerId = await givenPartner(test, {
      contract: { issuePrice: '0.01', feeRate: '0.02' },
    });
    for (const reference of ['A', 'B', 'C']) await buy(partnerId, reference, first.on(5));
    const { id, lines } = of(await closed(first.month), partnerId);
    const a = lines.nodes.find(({ reference }) => reference === 'A')!.id;

    const all = await act(ofPartner(partnerId), dispute, { id, reason: 'Not ours.' });
    expect(all.statements).toMatchObject([
      { disputed: { amount: '3.06' }, due: { amount: '0.00' } },
    ]);
    expect(all.statements![0]!.lines.nodes.every(({ disputed }) => disputed)).toBe(true);
    const some = await act(admin, resolve, { id, lineIds: [a], uphold: false });
    expect(some.statements).toMatchObject([{ status: 'DISPUTED', disputed: { amount: '2.06' } }]);
    const rest = await act(admin, resolve, { id, uphold: true });
    expect(rest.statements).toMatchObject([{ status: 'ISSUED', due: { amount: '3.06' } }]);
    expect(await act(admin, resolve, { id, lineIds: [a], uphold: false })).toEqual(rest);

    const next = of(await closed(second.month), partnerId);
    expect(next).toMatchObject({ adjustments: { amount: '-2.06' }, net: { amount: '-2.06' } });
    const given = next.lines.nodes.map(({ kind, points, amount }) => ({ kind, points, ...amount }));
    expect(given).toHaveLength(2);
    expect(given).toEqual(
      expect.arrayContaining([
        { kind: 'DISPUTE', points: 200, amount: '-2.00' },
        { kind: 'DISPUTE', points: 300, amount: '-0.06' },
      ]),
    );
  });

  it('refuses disputes of others, after 30 days, of no lines, and of what is paid', async () => {
    const { month, on } = nextMonth();
    const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
    await buy(partnerId, 'A', on(5));
    const { id, lines } = of(await closed(month), partnerId);
    const viewer = ofPartner(partnerId);
    const attempt = async (by: Viewer, given: object = {}) =>
      codesOf(await act(by, dispute, { id, reason: 'Why?', ...given }));
    const before = await read(id);

    expect(await attempt(ofPartner(other))).toEqual(['NOT_FOUND']);
    expect(await attempt({ ...viewer, sandbox: true })).toEqual(['NOT_ALLOWED']);
    expect(await attempt(viewer, { id: 'mine' })).toEqual(['INVALID']);
    expect(await attempt(viewer, { reason: ' ' })).toEqual(['INVALID']);
    expect(await attempt(viewer, { lineIds: [] })).toEqual(['INVALID']);
    for (const lineId of ['1', `${id}:9`, `${randomUUID()}:1`, `${id}:0`]) {
      expect(await attempt(viewer, { lineIds: [lineId] })).toEqual(['NOT_FOUND']);
    }
    expect(codesOf(await act(admin, resolve, { id, uphold: true }))).toEqual(['CONFLICT']);
    clock.at = new Date('2031-02-15T12:00:00Z');
    expect(await attempt(viewer, { lineIds: [lines.nodes[0]!.id] })).toEqual(['EXPIRED']);
    clock.at = new Date('2031-02-14T12:00:00Z');
    expect(await read(id)).toEqual(before);
    const paid = await act(admin, pay, { id, by: 'SEPA-1' });
    expect(paid.statements).toMatchObject([
      {
        status: 'PAID',
        paymentReference: 'SEPA-1',
        due: { amount: '0.00' },
        paidAt: clock.at.toISOString(),
      },
    ]);
    expect(await act(admin, pay, { id, by: 'SEPA-1' })).toEqual(paid);
    expect(codesOf(await act(admin, pay, { id, by: 'SEPA-2' }))).toEqual(['CONFLICT']);
    expect(await attempt(viewer)).toEqual(['NOT_ALLOWED']);
    clock.at = new Date('2031-01-15T12:00:00Z');
  });

  it('shows a partner its own statements alone, and a test client none', async () => {
    const { month, on } = nextMonth();
    const [partnerId, other] = [await givenPartner(test), await givenPartner(test)];
    await buy(partnerId, 'A', on(5));
    const { id } = of(await closed(month), partnerId);
    const list = `{ myPartner { settlementStatements { nodes { id status } } } }`;
    const listed = async (viewer: Viewer) =>
      (
        await ask<{
          myPartner: { settlementStatements: { nodes: { id: string; status: string }[] } | null };
        }>(viewer, list)
      ).myPartner.settlementStatements?.nodes;
    const entity = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on SettlementStatement { id } } }`;
    const of_ = { of: [{ __typename: 'SettlementStatement', id }] };

    expect((await read(id, ofPartner(partnerId)))?.id).toBe(id);
    const own = (await listed(ofPartner(partnerId)))!;
    expect(own.map(({ status }) => status)).toEqual(['OPEN', 'OPEN', 'OPEN', 'ISSUED']);
    expect((await read(own[0]!.id, ofPartner(partnerId)))?.status).toBe('OPEN');
    for (const viewer of [ofPartner(other), { ...ofPartner(partnerId), sandbox: true }]) {
      expect(await read(id, viewer)).toBeNull();
      expect(await read(own[0]!.id, viewer)).toBeNull();
      expect(await ask(viewer, entity, of_)).toEqual({ _entities: [null] });
      expect((await listed(viewer)) ?? []).not.toContainEqual({ id, status: 'ISSUED' });
    }
    expect(await listed({ ...ofPartner(partnerId), sandbox: true })).toEqual([]);
    expect(await listed(partnerViewer(partnerId))).toBeUndefined();
    expect(await codeOf(partnerViewer(partnerId), one, { id })).toBe('FORBIDDEN');
  });

  it('previews an open month, with the id that the statement will have', async () => {
    const [first, second] = [nextMonth(), nextMonth()];
    const partnerId = await givenPartner(test, { contract: { feeRate: '0.02' } });
    clock.at = second.on(20);
    await buy(partnerId, 'A', first.on(5));
    await buy(partnerId, 'B', second.on(6));
    const list = `{ myPartner { settlementStatements { nodes { ${fields} } } } }`;
    const { myPartner } = await ask<{
      myPartner: { settlementStatements: { nodes: Statement[] } };
    }>(ofPartner(partnerId), list);

    const [later, earlier] = myPartner.settlementStatements.nodes;
    expect(later!.lines.nodes.map(({ reference }) => reference)).toEqual([
      'B',
      'Contract version 1',
    ]);
    expect(earlier).toMatchObject({
      status: 'OPEN',
      due: { amount: '0.00' },
      csvUrl: null,
      net: { amount: '1.22' },
    });
    clock.at = new Date('2031-01-15T12:00:00Z');
    const issued = of(await closed(first.month), partnerId);
    expect([issued.id, issued.net, issued.lines]).toEqual([
      earlier!.id,
      earlier!.net,
      earlier!.lines,
    ]);
    await closed(second.month);
  });

  it('works an open month out once for the lines of all its statements, each with its own', async () => {
    const { month, on } = nextMonth();
    const counts = [3, 1, 2];
    const partnerIds = await Promise.all(counts.map(() => givenPartner(test)));
    clock.at = on(20);
    for (const [place, count] of counts.entries()) {
      for (let n = 1; n <= count; n++) await buy(partnerIds[place]!, `${place}-${n}`, on(n));
    }
    const report = `query ($of: [_Any!]!, $month: Date!) { _entities(representations: $of) { ... on Program {
      settlement(month: $month) { statements { nodes { partner { id }
        lines(first: 2) { nodes { reference } pageInfo { hasNextPage } } } } } } } }`;
    type Listed = {
      partner: { id: string };
      lines: { nodes: { reference: string }[]; pageInfo: { hasNextPage: boolean } };
    };
    const asked = jest.spyOn(pg.Client.prototype, 'query');

    const { _entities } = await ask<{
      _entities: { settlement: { statements: { nodes: Listed[] } } }[];
    }>(admin, report, { of: [{ __typename: 'Program', id: randomUUID() }], month });

    const workedOut = statementsHeard(asked).filter(([text]) => text.includes('moved AS'));
    asked.mockRestore();
    // Once for who is in the report, once for their lines.
    expect(workedOut).toHaveLength(2);
    const listed = _entities[0]!.settlement.statements.nodes;
    expect(
      partnerIds.map((id) => {
        const { lines } = listed.find(({ partner }) => partner.id === id)!;
        return [lines.nodes.map(({ reference }) => reference), lines.pageInfo.hasNextPage];
      }),
    ).toEqual([
      [['0-1', '0-2'], true],
      [['1-1'], false],
      [['2-1', '2-2'], false],
    ]);
    clock.at = new Date('2031-01-15T12:00:00Z');
    await closed(month);
  });

  describe('of a campaign that several pay for', () => {
    /** Of so many points for each activity, whatever was paid. */
    const campaign = (
      partnerId: string,
      points: bigint,
      funding: NonNullable<CreateOffer['funding']>,
    ) =>
      givenOffer(test, partnerId, {
        rules: [{ code: 'GIFT', name: 'A gift', earn: { fixed: points }, awards: 'SPENDABLE' }],
        startsAt: new Date('2026-01-01T00:00:00Z'),
        endsAt: new Date('2031-01-01T00:00:00Z'),
        funding,
      });
    const sharesIn = ({ lines }: Statement) =>
      lines.nodes
        .filter(({ kind }) => kind === 'FUNDING_SHARE')
        .map(({ reference, points, rate, amount }) => [reference, points, rate, amount.amount]);
    const kept = () =>
      rows(
        test.owner(),
        'SELECT offer_id, month::text, round(points, 6) AS points FROM partners.campaign_cost',
      );

    it('divides the cost, and corrects it when points are taken back in later months', async () => {
      const [first, second, third] = [nextMonth(), nextMonth(), nextMonth()];
      const shop = await givenPartner(test, {
        contract: { issuePrice: '0.0120', feeRate: '0.02' },
      });
      // What it pays for its own points does not matter.
      const air = await givenPartner(test, { contract: { issuePrice: '0.0300', feeRate: '0.10' } });
      const { id } = await campaign(shop, 1_000n, [
        { partnerId: shop, share: '0.6' },
        { partnerId: air, share: '0.4' },
      ]);
      const summer = `Summer (${id})`;
      // 200 by its rules, and 1,000.
      const bought = await buy(shop, 'S-1', first.on(5), { amount: '200.00' });
      const giveBack = (refundReference: string, at: Date, amount?: string) =>
        refundActivity(
          db(),
          {
            activityId: bought.id,
            refundReference,
            ...(amount && { amount: { amount, currency: 'EUR' } }),
          },
          { viewer: partnerViewer(shop, ['ACCRUALS_REVERSE']), clock: new SetClock(at) },
        );

      clock.at = first.on(20);
      const list = `{ myPartner { settlementStatements(first: 1) { nodes { ${fields} } } } }`;
      const preview = async (partnerId: string) =>
        (
          await ask<{ myPartner: { settlementStatements: { nodes: Statement[] } } }>(
            ofPartner(partnerId),
            list,
          )
        ).myPartner.settlementStatements.nodes[0]!;
      const previews = [await preview(shop), await preview(air)];
      clock.at = new Date('2031-01-15T12:00:00Z');
      expect(codesOf(await act(admin, close, { month: second.month }))).toEqual(['CONFLICT']);
      expect(await kept()).toEqual([]);
      await race(db(), 3, () => act(admin, close, { month: first.month }));

      // 1,000 x 0.0120 x 1.02 = 12.24: 7.344 and 4.896, of which the last cent goes to the second.
      const statements = await closed(first.month);
      expect(sharesIn(of(statements, shop))).toEqual([[summer, 1_000, '0.4', '-4.90']]);
      expect(sharesIn(of(statements, air))).toEqual([[summer, 1_000, '0.4', '4.90']]);
      expect([of(statements, shop), of(statements, air)]).toMatchObject([
        // 14.40 and a fee of 0.288.
        { adjustments: { amount: '-4.90' }, net: { amount: '9.79' } },
        { adjustments: { amount: '4.90' }, fees: { amount: '0.00' }, net: { amount: '4.90' } },
      ]);
      expect(previews.map(({ lines, net }) => [lines, net])).toEqual(
        [shop, air].map((partnerId) => {
          const { lines, net } = of(statements, partnerId);
          return [lines, net];
        }),
      );
      expect(await kept()).toEqual([{ offer_id: id, month: first.month, points: '1000.000000' }]);
      const files = `query ($id: ID!) { settlementStatement(id: $id) { csvPiece(place: 0) html } }`;
      const { settlementStatement: written } = await ask<{
        settlementStatement: { csvPiece: string; html: string };
      }>(ofPartner(air), files, { id: of(statements, air).id });
      expect(written.csvPiece).toContain(`1,FUNDING_SHARE,"${summer}",1000,0.4,4.90,EUR,1,`);
      expect(written.html).toContain(
        '<td>Funding share</td><td>1000</td><td>0.4</td><td>4.90</td>',
      );

      // 400 of 1,200 points, of which a third of 1,000: 8.16 is left, 4.896 and 3.264 of it.
      await giveBack('third', second.on(5), '66.67');
      const later = await closed(second.month);
      expect(sharesIn(of(later, air))).toEqual([[summer, 333, '0.4', '-1.64']]);
      expect(sharesIn(of(later, shop))).toEqual([[summer, 333, '0.4', '1.64']]);
      // In the end it has cost nobody anything.
      await giveBack('rest', third.on(5));
      const last = await closed(third.month);
      expect(sharesIn(of(last, air))).toEqual([[summer, 667, '0.4', '-3.26']]);
      expect(sharesIn(of(last, shop))).toEqual([[summer, 667, '0.4', '3.26']]);
      expect(await closed(first.month)).toEqual(statements);
    });

    it('gives what is left over to the largest remainders, and the coalition its part', async () => {
      const { month, on } = nextMonth();
      const shop = await givenPartner(test, { contract: { issuePrice: '0.01' } });
      const [air, inn] = [await givenPartner(test), await givenPartner(test)];
      const { id: three } = await campaign(shop, 100n, [
        { partnerId: shop, share: '0.333' },
        { partnerId: air, share: '0.333' },
        { partnerId: inn, share: '0.334' },
      ]);
      const { id: half } = await campaign(shop, 5n, [
        { share: '0.5' },
        { partnerId: shop, share: '0.5' },
      ]);
      await campaign(shop, 7n, [{ partnerId: shop, share: '1.0' }]);
      await buy(shop, 'S-1', on(5), { amount: '10.00' });

      const statements = await closed(month);

      // 33.3, 33.3 and 33.4 cents; of 5 cents the odd one is the brand's.
      expect(sharesIn(of(statements, air))).toEqual([[`Summer (${three})`, 100, '0.333', '0.33']]);
      expect(sharesIn(of(statements, inn))).toEqual([[`Summer (${three})`, 100, '0.334', '0.34']]);
      expect(sharesIn(of(statements, shop))).toHaveLength(3);
      expect(sharesIn(of(statements, shop))).toEqual(
        expect.arrayContaining([
          [`Summer (${three})`, 100, '0.333', '-0.33'],
          [`Summer (${three})`, 100, '0.334', '-0.34'],
          [`Summer (${half})`, 5, '0.5', '-0.02'],
        ]),
      );
      const { lines } = of(statements, shop);
      expect(lines.nodes.map(({ kind }) => kind).slice(-3)).toEqual(Array(3).fill('FUNDING_SHARE'));
      expect(of(statements, shop).net.amount).toBe('0.53');
    });

    it('is in the currency in which its brand pays, though others settle in another', async () => {
      const { month, on } = nextMonth();
      const shop = await givenPartner(test, {
        contract: {
          currency: 'USD',
          billing: 'PREPAID',
          issuePrice: '0.02',
          feeRate: '0.05',
          paymentTermsDays: 10,
        },
      });
      const air = await givenPartner(test, { contract: { paymentTermsDays: 20 } });
      await sellPoints(
        db(),
        {
          partnerId: shop,
          points: 10_000n,
          price: { amount: '150', currency: 'USD' },
          validFrom: '2026-01-01',
          idempotencyKey: 'a',
        },
        { viewer: admin, clock: new SetClock(on(1)) },
      );
      await campaign(shop, 500n, [
        { partnerId: shop, share: '0.5' },
        { partnerId: air, share: '0.5' },
      ]);
      await buy(shop, 'S-1', on(5), { currency: 'USD' });
      clock.at = on(20);
      const list = `{ myPartner { settlementStatements(first: 9) { nodes { period { from } net { amount currency } } } } }`;
      const { myPartner } = await ask<{
        myPartner: { settlementStatements: { nodes: { period: { from: string }; net: Money }[] } };
      }>(ofPartner(air), list);
      clock.at = new Date('2031-01-15T12:00:00Z');

      const statements = await closed(month);

      // Blocks have no fee: 500 x 0.02.
      const net = { amount: '5.00', currency: 'USD' };
      const inDollars = statements.filter(({ issuance }) => issuance.currency === 'USD');
      expect(of(inDollars, air)).toMatchObject({ net: { amount: '5.00' }, dueOn: '2031-02-04' });
      expect(of(inDollars, shop)).toMatchObject({
        issuance: { amount: '0.00' },
        net: { amount: '-5.00' },
      });
      const open = myPartner.settlementStatements.nodes.filter(
        ({ period }) => period.from === month,
      );
      expect(open.map((each) => each.net)).toHaveLength(2);
      expect(open.map((each) => each.net)).toEqual(
        expect.arrayContaining([net, { amount: '0.00', currency: 'EUR' }]),
      );
    });

    it('charges each award once, however late it comes, and gives back what lapses', async () => {
      const [first, second] = [nextMonth(), nextMonth()];
      const shop = await givenPartner(test, {
        contract: { pending: 'ON_CONFIRMATION', issuePrice: '0.01' },
      });
      const air = await givenPartner(test);
      await campaign(shop, 1_000n, [{ partnerId: air, share: '1' }]);

      // Some of them are posted into the month while it is closed, or after that.
      await Promise.all([
        closed(first.month),
        ...Array.from({ length: 5 }, (_, n) => buy(shop, `S-${n}`, first.on(5))),
      ]);
      await buy(shop, 'S-late', first.on(6));
      const charged = async ({ month }: { month: string }) =>
        Number(of(await closed(month), air)?.net.amount ?? 0);
      expect((await charged(first)) + (await charged(second))).toBe(60);

      // A year later, unconfirmed.
      months += 10;
      const lapsed = nextMonth();
      await settleDue(test.db('worker'), 1_000, lapsed.on(20));
      expect(await charged(lapsed)).toBe(-60);
    });
  });

  it('writes the lines as CSV that is no program, and a page whose text is text', async () => {
    const { month, on } = nextMonth();
    const partnerId = await givenPartner(test, { name: '<b>Bits & "Bobs"</b>' });
    await buy(partnerId, '=HYPERLINK("x"),1', on(5));
    const { id, csvUrl } = of(await closed(month), partnerId);
    const pieces = `query ($id: ID!) { settlementStatement(id: $id) { a: csvPiece(place: 0) b: csvPiece(place: 1) html } }`;

    const { settlementStatement: written } = await ask<{
      settlementStatement: { a: string; b: null; html: string };
    }>(ofPartner(partnerId), pieces, { id });

    expect(csvUrl).toBe(`${testConfig().publicUrl}/statements/${id}.csv`);
    expect(written.a.split('\r\n')[1]).toMatch(
      /^1,ISSUANCE,"'=HYPERLINK\(""x""\),1",100,0\.0120,1\.2000,EUR,1,/,
    );
    expect(written.b).toBeNull();
    expect(written.html).toContain('&#60;b&#62;Bits &#38; &#34;Bobs&#34;&#60;/b&#62;');
    expect(written.html).not.toMatch(/<b>|<script|<img/);
  });
});
