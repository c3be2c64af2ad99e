import { auditLedger } from '../../ledger/index.ts';
import { rows } from '../../platform/database.ts';
import { scopesOf } from '../../platform/scopes.ts';
import { startJourney } from '../support/another-gateway.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenConsent, givenMemberAt } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import type { RunningSystem } from '../support/system.ts';

const errors = 'userErrors { code path details { available required subject } }';
const operations = {
  quote: `query ($amount: MoneyInput!, $points: Points) { quotePayment(amount: $amount, points: $points) {
    points worth { amount } due { amount } } }`,
  hold: `mutation ($input: HoldPointsInput!) { holdPoints(input: $input) {
    hold { id points worth { amount currency } status partner { name } member { displayName } }
    balance { available } ${errors} } }`,
  capture: `mutation ($input: CaptureHoldInput!) { captureHold(input: $input) {
    hold { status points capturedPoints } balance { available } ${errors} } }`,
  release: `mutation ($id: ID!, $key: String!) { releaseHold(id: $id, idempotencyKey: $key) {
    hold { status } balance { available } ${errors} } }`,
  refund: `mutation ($input: RefundCaptureInput!) { refundCapture(input: $input) {
    hold { status capturedPoints refundedPoints } balance { available } ${errors} } }`,
  record: `mutation ($input: ActivityInput!) { recordActivity(input: $input) { activity { points } ${errors} } }`,
};

describe('a till is paid with points', () => {
  const test = useTestDatabase();
  let system: RunningSystem;
  let till: string;
  let ada: string;
  let memberId: string;
  let partnerId: string;

  beforeAll(async () => {
    system = await startJourney(test);
    // The worked example: 129.99 at 0.0067 a point.
    const contract = { redemptionRate: '0.0067' };
    const scopes = scopesOf('PARTNER');
    const shop = { code: 'SHOP', name: 'Corner Shop', contract, scopes };
    partnerId = await givenPartner(test, shop);
    memberId = await givenMemberAt(test, 'ada@example.com');
    till = await system.token('partner', 'SHOP');
    ada = await system.token('member', 'ada@example.com');
  });
  afterAll(() => system.stop());

  interface Payload {
    hold: { id: string } | null;
    userErrors: unknown[];
  }
  /** What an operation answers, which must be without faults. */
  async function asked(token: string, query: string, variables: object = {}): Promise<Payload> {
    const { data, errors: faults } = await system.ask(token, query, variables);
    expect(faults).toBeUndefined();
    return Object.values(data!)[0] as unknown as Payload;
  }
  const amount = { amount: '129.99', currency: 'EUR' };
  const aHold = (reference: string, more: object) => ({
    input: {
      member: { email: 'ada@example.com' },
      reference,
      idempotencyKey: `hold-${reference}`,
      ...more,
    },
  });
  /** A hold that was captured, and one that is open. */
  let id: string;
  let open: string;

  it('asks the member for consent, who gives it', async () => {
    const request = `mutation { requestConsent(input: { member: { email: "ada@example.com" },
      scopes: [EARN, SPEND, READ_BALANCE], purpose: "To pay with points" }) { expiresAt ${errors} } }`;
    const mine = '{ me { consentRequests { purpose scopes partner { name } } } }';
    const grant = `mutation { grantConsent(partnerId: "${partnerId}", scopes: [EARN, SPEND, READ_BALANCE]) {
      member { consentRequests { purpose } } ${errors} } }`;

    expect(await asked(till, operations.hold, aHold('Early', { points: 1 }))).toMatchObject({
      hold: null,
      userErrors: [{ code: 'NOT_FOUND', path: ['member'] }],
    });
    expect(await asked(till, request)).toMatchObject({ userErrors: [] });
    expect(await asked(ada, mine)).toEqual({
      consentRequests: [
        {
          purpose: 'To pay with points',
          scopes: ['READ_BALANCE', 'EARN', 'SPEND'],
          partner: { name: 'Corner Shop' },
        },
      ],
    });
    expect(await asked(ada, grant)).toEqual({ member: { consentRequests: [] }, userErrors: [] });
    const input = {
      member: { email: 'ada@example.com' },
      kind: 'PURCHASE',
      reference: 'P-1',
      occurredAt: new Date().toISOString(),
      amount: { amount: '20000', currency: 'EUR' },
    };
    expect(await asked(till, operations.record, { input })).toMatchObject({
      activity: { points: 20_000 },
    });
  });

  it('quotes, sets aside, takes a part, and gives some back', async () => {
    expect(await asked(till, operations.quote, { amount })).toEqual({
      points: 19_402,
      worth: { amount: '129.99' },
      due: { amount: '0.00' },
    });
    expect(await asked(till, operations.quote, { amount, points: 5_000 })).toEqual({
      points: 5_000,
      worth: { amount: '33.50' },
      due: { amount: '96.49' },
    });

    const held = await asked(till, operations.hold, aHold('Order 7', { amount }));
    expect(held).toEqual({
      hold: {
        id: expect.any(String),
        points: 19_402,
        worth: { amount: '129.99', currency: 'EUR' },
        status: 'ACTIVE',
        partner: { name: 'Corner Shop' },
        member: { displayName: 'Ada' },
      },
      balance: { available: 598 },
      userErrors: [],
    });
    id = held.hold!.id;
    expect(await asked(till, operations.hold, aHold('Order 7', { amount }))).toEqual(held);
    expect(await asked(till, operations.hold, aHold('Order 8', { points: 599 }))).toMatchObject({
      userErrors: [
        { code: 'INSUFFICIENT_POINTS', details: { available: 598, required: 599, subject: null } },
      ],
    });

    const capture = { input: { id, points: 10_000, idempotencyKey: 'capture-7' } };
    const captured = {
      hold: { status: 'PARTIALLY_CAPTURED', points: 19_402, capturedPoints: 10_000 },
      balance: { available: 10_000 },
      userErrors: [],
    };
    expect(await asked(till, operations.capture, capture)).toEqual(captured);
    expect(await asked(till, operations.capture, capture)).toEqual(captured);

    const refund = { input: { id, points: 2_500, refundReference: 'Return 7' } };
    for (let times = 0; times < 2; times++) {
      expect(await asked(till, operations.refund, refund)).toEqual({
        hold: { status: 'PARTIALLY_CAPTURED', capturedPoints: 10_000, refundedPoints: 2_500 },
        balance: { available: 12_500 },
        userErrors: [],
      });
    }
    const over = { input: { id, points: 7_501, refundReference: 'Return 8' } };
    expect(await asked(till, operations.refund, over)).toMatchObject({
      userErrors: [{ code: 'INVALID', path: ['points'], details: { available: 7_500 } }],
    });
  });

  it('lets go of what is not bought', async () => {
    const { hold } = await asked(till, operations.hold, aHold('Order 9', { points: 12_500 }));
    const release = { id: hold!.id, key: 'release-9' };

    expect(await asked(till, operations.release, release)).toEqual({
      hold: { status: 'RELEASED' },
      balance: { available: 12_500 },
      userErrors: [],
    });
  });

  it('shows the member what was paid, and where', async () => {
    const { data } = await system.ask(
      ada,
      `{ me {
         balance { available held worth { amount currency } }
         holds { nodes { reference status points capturedPoints refundedPoints partner { name } } }
         captured: holds(status: PARTIALLY_CAPTURED) { nodes { reference } }
         statement { nodes { kind points balance description partner { name } hold { reference } } }
       } }`,
    );

    const partner = { name: 'Corner Shop' };
    const order = { reference: 'Order 7' };
    expect(data).toEqual({
      me: {
        balance: { available: 12_500, held: 0, worth: { amount: '83.75', currency: 'EUR' } },
        holds: {
          nodes: [
            {
              reference: 'Order 9',
              status: 'RELEASED',
              points: 12_500,
              capturedPoints: 0,
              refundedPoints: 0,
              partner,
            },
            {
              ...order,
              status: 'PARTIALLY_CAPTURED',
              points: 19_402,
              capturedPoints: 10_000,
              refundedPoints: 2_500,
              partner,
            },
          ],
        },
        captured: { nodes: [order] },
        statement: {
          nodes: [
            {
              kind: 'REVERSAL',
              points: 2_500,
              balance: 12_500,
              description: 'Given back by Corner Shop',
              partner,
              hold: order,
            },
            {
              kind: 'REDEMPTION',
              points: -10_000,
              balance: 10_000,
              description: 'Paid with points at Corner Shop',
              partner,
              hold: order,
            },
            {
              kind: 'ACCRUAL',
              points: 20_000,
              balance: 20_000,
              description: 'Purchase at Corner Shop',
              partner,
              hold: null,
            },
          ],
        },
      },
    });
  });

  it('is one of five at once, which hold no more than there is', async () => {
    const payloads = await Promise.all(
      Array.from({ length: 15 }, (_, n) =>
        asked(till, operations.hold, aHold(`Race ${n}`, { points: 2_500 })),
      ),
    );

    const held = payloads.filter(({ hold }) => hold !== null);
    expect(held).toHaveLength(5);
    open = held[0]!.hold!.id;
    expect(payloads.filter(({ hold }) => hold === null)).toEqual(
      Array.from({ length: 10 }, () =>
        expect.objectContaining({
          userErrors: [expect.objectContaining({ code: 'INSUFFICIENT_POINTS' }) as unknown],
        }),
      ),
    );
    const [sum] = await rows<{ points: bigint }>(
      test.owner(),
      `SELECT sum(points)::bigint AS points FROM ledger.hold
       WHERE member_id = $1 AND status = 'ACTIVE'`,
      [memberId],
    );
    expect(sum!.points).toBe(12_500n);
  });

  it('has no say any more when the member takes the consent back, but for what it holds', async () => {
    const read = `query ($id: ID!) { hold(id: $id) { points member { displayName balance { available } } } }`;
    const around = '{ activity(reference: "P-1") { member { balance { available } } } }';
    expect(await asked(till, read, { id })).toMatchObject({
      member: { balance: { available: 0 } },
    });

    await givenConsent(test, memberId, partnerId, ['EARN']);

    expect(await asked(till, read, { id })).toEqual({
      points: 19_402,
      member: { displayName: 'Ada', balance: null },
    });
    expect(await asked(till, around)).toEqual({ member: { balance: null } });
    expect(await asked(till, operations.hold, aHold('Late', { points: 1 }))).toMatchObject({
      userErrors: [{ code: 'CONSENT_REQUIRED', details: { subject: 'SPEND' } }],
    });
    const input = { id: open, idempotencyKey: 'open' };
    expect(await asked(till, operations.capture, { input })).toMatchObject({
      hold: { status: 'CAPTURED' },
      balance: null,
    });
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});
