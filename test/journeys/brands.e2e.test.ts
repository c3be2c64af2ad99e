import { Webhook as Verifier } from 'standardwebhooks';
import { auditLedger } from '../../ledger/index.ts';
import { SetClock } from '../../platform/clock.ts';
import { startJourney } from '../support/another-gateway.ts';
import { testConfig } from '../support/config.ts';
import { useTestDatabase } from '../support/database.ts';
import { runJob } from '../support/jobs.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import type { RunningSystem } from '../support/system.ts';
import { operations, queries } from './brand-operations.ts';
import { type Trade, trades } from './trades.ts';

/** All steps but the first, which the invitation does. */
const missing = [
  'CONTRACT',
  'EARN_RULES',
  'API_CLIENT',
  'WEBHOOK',
  'SANDBOX_ACTIVITY',
  'SANDBOX_REDEMPTION',
];
const invited = new Date('2026-03-02T09:00:00Z');
const open = new Date('2026-03-10T12:00:00Z');
/** Who has just joined may not exchange points yet. */
const later = new Date('2026-03-31T12:00:00Z');
const over = new Date('2026-04-01T06:00:00Z');
const month = '2026-03-01';
/** Activities of each. */
const posted: Record<string, number> = { NORTH: 1, HARBOUR: 2, BANK: 4, SHOP: 3, TRAM: 1 };

describe('a brand of each kind, from its invitation to the payment of its first month', () => {
  const test = useTestDatabase();
  const clock = new SetClock(invited);
  let system: RunningSystem;
  let receiver: Receiver;
  let admin: string;
  let ada: string;
  const ids = new Map<string, string>();
  const tokens = new Map<string, string>();
  /** By the path that a webhook has at the receiver. */
  const secrets = new Map<string, string>();
  const idOf = (code: string) => ids.get(code)!;
  const tokenOf = (code: string) => tokens.get(code)!;
  const member = { email: 'ada@example.com' };

  beforeAll(async () => {
    receiver = await startReceiver(({ url, headers, body }, response) => {
      try {
        new Verifier(secrets.get(url)!).verify(body, headers as Record<string, string>);
        response.writeHead(204).end();
      } catch {
        response.writeHead(401).end();
      }
    });
    system = await startJourney(test, {}, clock);
    admin = await system.token('admin');
  });
  afterAll(async () => {
    await system.stop();
    await receiver.close();
  });

  /** A mutation's payload, refused or not. */
  async function asked(token: string | null, query: string, variables: object): Promise<Payload> {
    const { data, errors: faults } = await system.ask(token, query, variables);
    expect(faults).toBeUndefined();
    return Object.values(data!)[0] as unknown as Payload;
  }

  /** A mutation that must go through. @returns its payload */
  async function done(token: string | null, query: string, variables: object): Promise<Payload> {
    const payload = await asked(token, query, variables);
    expect(payload.userErrors).toEqual([]);
    return payload;
  }

  /** What a query answers. */
  async function read<Data>(token: string, query: string, variables: object = {}): Promise<Data> {
    const { data, errors: faults } = await system.ask(token, query, variables);
    expect(faults).toBeUndefined();
    return data as Data;
  }

  /** Makes a client, and gets a token as the brand's systems do. */
  async function signIn(partnerId: string, name: string, given: object): Promise<string> {
    const input = { partnerId, name, idempotencyKey: name, ...given };
    const { client, clientSecret } = await done(admin, operations.client, { input });
    const answer = await fetch(`${system.url}/identity/token`, {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${client.clientId}:${clientSecret}`)}` },
      body: new URLSearchParams({ grant_type: 'client_credentials' }),
    });
    const { access_token: token } = (await answer.json()) as { access_token: string };
    expect(token).toBeDefined();
    return token;
  }

  async function listen(token: string, partnerId: string, path: string, given: object) {
    const url = `${receiver.url}/${path}`;
    const input = { partnerId, url, idempotencyKey: path, ...given };
    const { webhook, secret } = await done(token, operations.webhook, { input });
    secrets.set(new URL(url).pathname, secret);
    return webhook.id!;
  }

  const deliver = () =>
    runJob(test, 'deliver-webhooks', {
      localReceivers: true,
      limits: { ...testConfig().limits, webhookWatchMs: 0 },
    });

  describe.each(trades)('$kind', (trade: Trade) => {
    const { code, name, kind } = trade;

    it('is invited, and signs', async () => {
      const contactEmail = `loyalty@${code.toLowerCase()}.example`;
      const input = { code, name, kind, contactEmail, ...trade.details };
      const { partner } = await done(admin, operations.invite, { input });
      expect(partner.status).toBe('DRAFT');
      const id = partner.id!;
      ids.set(code, id);
      expect((await asked(admin, operations.activate, { id })).userErrors).toMatchObject([
        { code: 'NOT_ALLOWED', details: { subject: missing.join(', ') } },
      ]);
      if (kind === 'AIRLINE') {
        const miles = { code: 'MILES', name: 'North miles', issuerId: id };
        await done(admin, operations.currency, { input: miles });
      }
      const terms = { validFrom: '2026-03-01', currency: 'EUR', ...trade.terms };
      const signed = await done(admin, operations.sign, { id, input: terms });
      expect(signed.partner.status).toBe('SANDBOX');

      const [details] = Object.values(trade.details) as object[];
      const conversions = 'conversions' in trade.terms ? trade.terms.conversions : [];
      const shown = await read<{ partner: object }>(admin, queries.profile, { id });
      expect(shown.partner).toMatchObject({ code, kind, details, conversions });
    });

    it('tries everything in the sandbox, and goes live when nothing is missing', async () => {
      const id = idOf(code);
      const scopes = [
        'ACCRUALS_WRITE',
        'RULES_MANAGE',
        'REDEMPTIONS_AUTHORISE',
        'REDEMPTIONS_CAPTURE',
        'WEBHOOKS_MANAGE',
      ];
      const tester = await signIn(id, 'Trial', { scopes, sandbox: true });
      const { ruleSet } = await done(admin, operations.draft, { id, rules: trade.rules });
      await done(admin, operations.publish, { id: ruleSet.id });
      const own = ['ACCRUALS_REVERSE', 'SETTLEMENT_READ', 'CATALOG_MANAGE'];
      tokens.set(code, await signIn(id, 'Systems', { scopes: [...scopes, ...own] }));

      const webhook = await listen(tester, id, `${code}/trial`, {
        events: ['TEST'],
        sandbox: true,
      });
      await done(tester, operations.call, { id: webhook });
      expect(await deliver()).toBe(1);

      const { member: trial } = await done(tester, operations.trial, {});
      const by = { member: { id: trial.id } };
      const [{ activity, points }] = trade.activities as [Trade['activities'][number]];
      const input = { ...activity, ...by, occurredAt: clock.at.toISOString() };
      expect((await done(tester, operations.record, { input })).activity).toMatchObject({ points });
      expect((await asked(admin, operations.activate, { id })).userErrors).toMatchObject([
        { code: 'NOT_ALLOWED', details: { subject: 'SANDBOX_REDEMPTION' } },
      ]);
      const taken = { ...by, points: 10, reference: 'trial', idempotencyKey: 'trial' };
      const { hold } = await done(tester, operations.hold, { input: taken });
      await done(tester, operations.capture, { input: { id: hold.id, idempotencyKey: 'trial' } });

      const { partner } = await read<{ partner: Brand }>(admin, queries.onboarding, { id });
      expect(partner.onboarding.steps.filter((step) => !step.done)).toEqual([]);
      expect(partner.onboarding.readyForLive).toBe(true);
      const live = await done(admin, operations.activate, { id });
      expect(live.partner.status).toBe('LIVE');
      const events = ['ACTIVITY_POSTED', 'STATEMENT_ISSUED'];
      await listen(tokenOf(code), id, code, { events });
    });
  });

  /** Reports what the member did at a brand. */
  const report = (code: string, activity: object) =>
    asked(tokenOf(code), operations.record, {
      input: { member, occurredAt: clock.at.toISOString(), ...activity },
    });

  it('a member joins, and consents to all of them', async () => {
    const { verificationId } = await done(null, operations.enrol, { input: member });
    await done(null, operations.verify, {
      input: { verificationId, code: await system.mailedCode() },
    });
    ada = await system.token('member', member.email);
    const [first] = trades;
    expect((await report(first!.code, first!.activities[0]!.activity)).userErrors).toMatchObject([
      { code: 'NOT_FOUND', path: ['member'] },
    ]);
    for (const { code } of trades) {
      const scopes = ['EARN', 'READ_BALANCE', 'SPEND'];
      await done(ada, operations.consent, { id: idOf(code), scopes });
    }
  });

  it('each brand earns the member what its rules say', async () => {
    clock.at = open;
    const [ride] = trades.find(({ code }) => code === 'TRAM')!.activities;
    expect((await report('TRAM', ride!.activity)).userErrors).toMatchObject([
      { code: 'LIMIT_REACHED', details: { subject: 'PREPAID_POINTS', available: 0, required: 32 } },
    ]);
    const block = { points: 1_000, price: { amount: '9.00', currency: 'EUR' } };
    const bought = { partnerId: idOf('TRAM'), validFrom: month, idempotencyKey: 'first', ...block };
    await done(admin, operations.sell, { input: bought });

    for (const { code, activities } of trades)
      for (const { activity, points } of activities)
        expect(await report(code, activity)).toMatchObject({
          activity: { points },
          userErrors: [],
        });
    const { myPartner } = await read<{ myPartner: object }>(tokenOf('TRAM'), queries.credit);
    expect(myPartner).toMatchObject({
      credit: {
        owed: { amount: '0.00' },
        limit: null,
        prepaidPoints: 968,
        blocks: [
          {
            validFrom: month,
            bought: 1_000,
            remaining: 968,
            price: { amount: '9.00', currency: 'EUR' },
          },
        ],
      },
    });
    // The hotel may owe 20.00, and owes 18.00.
    const stay = { property: 'Pier', checkIn: '2026-03-09', checkOut: '2026-03-10' };
    expect(
      (await report('HARBOUR', { kind: 'STAY', reference: 'H-3', stay })).userErrors,
    ).toMatchObject([
      {
        code: 'LIMIT_REACHED',
        details: { subject: 'CREDIT_LIMIT', available: 200, required: 300 },
      },
    ]);
  });

  it('a flight that was flown is confirmed, and what came back is refunded', async () => {
    const before = await read<Balance>(ada, queries.balance);
    // 1,800 + 95 + 80 + 32; the flight's 499 wait.
    expect(before.me.balance).toMatchObject({ available: 2_007, pending: 499 });
    const { activity } = await done(tokenOf('NORTH'), operations.confirm, { reference: 'N9-1' });
    expect(activity).toEqual({ status: 'POSTED', points: 499 });

    const toy = { reference: 'S-1', refundReference: 'R-1', items: [{ line: '4', quantity: 1 }] };
    const returned = await done(tokenOf('SHOP'), operations.refund, { input: toy });
    expect(returned.activity).toEqual({ status: 'PARTLY_REFUNDED', points: 70 });
    const more = { ...toy, refundReference: 'R-2' };
    expect((await asked(tokenOf('SHOP'), operations.refund, { input: more })).userErrors).toEqual([
      expect.objectContaining({ code: 'INVALID' }),
    ]);
  });

  it('an offer counts for who opted in', async () => {
    const input = {
      partnerId: idOf('SHOP'),
      title: 'Spring',
      startsAt: '2026-03-10T00:00:00Z',
      endsAt: '2026-04-01T00:00:00Z',
      optIn: true,
      budget: 50,
      rules: [{ code: 'GIFT', name: '50 on top', earn: { fixed: 50 } }],
    };
    const { offer } = await done(tokenOf('SHOP'), operations.offer, { input });
    expect((await asked(ada, operations.optIn, { id: offer.id })).userErrors).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    await done(tokenOf('SHOP'), operations.publishOffer, { id: offer.id });
    expect((await done(ada, operations.optIn, { id: offer.id })).offer).toEqual({
      activated: true,
    });

    const amount = { amount: '20.00', currency: 'EUR' };
    expect(await report('SHOP', { kind: 'PURCHASE', reference: 'S-2', amount })).toMatchObject({
      activity: { points: 70 },
    });
  });

  it('a claim for what is missing is granted', async () => {
    const input = { partnerId: idOf('SHOP'), occurredOn: '2026-03-08', reference: 'S-0' };
    const amount = { amount: '30.00', currency: 'EUR' };
    const { claim } = await done(ada, operations.claim, { input: { ...input, amount } });
    expect(claim.status).toBe('OPEN');
    expect(
      (await asked(tokenOf('BANK'), operations.decide, { id: claim.id })).userErrors,
    ).toMatchObject([{ code: 'NOT_FOUND' }]);

    const decided = await done(tokenOf('SHOP'), operations.decide, { id: claim.id });
    expect(decided.claim).toEqual({
      status: 'GRANTED',
      activity: { points: 30, reference: 'S-0' },
    });
  });

  it('the member pays the hotel, exchanges points for miles, and takes a ticket', async () => {
    const key = { idempotencyKey: 'first' };
    const paid = { member, points: 400, reference: 'H-PAID', ...key };
    const { hold } = await done(tokenOf('HARBOUR'), operations.hold, { input: paid });
    await done(tokenOf('HARBOUR'), operations.capture, { input: { id: hold.id, ...key } });

    clock.at = later;
    const miles = { from: 'PTS', to: 'MILES', points: 300, ...key };
    const { conversion } = await done(ada, operations.exchange, { input: miles });
    expect(conversion.status).toBe('POSTED');

    const ticket = { sku: 'DAY', name: 'Day ticket', kind: 'PRODUCT', prices: [{ points: 100 }] };
    const { reward } = await done(tokenOf('TRAM'), operations.reward, {
      input: { partnerId: idOf('TRAM'), ...ticket },
    });
    await done(admin, operations.publishReward, { id: reward.id });
    await done(ada, operations.redeem, { input: { rewardId: reward.id, ...key } });

    // 499 + 1,800 + 95 + 170 + 32 were earned, 800 spent.
    const { me } = await read<Balance>(ada, queries.balance);
    expect(me.balance).toMatchObject({ available: 1_796, pending: 0 });
  });

  it('the month is settled once it is over', async () => {
    expect((await asked(admin, operations.close, { month })).userErrors).toMatchObject([
      { code: 'INVALID', path: ['month'] },
    ]);
    clock.at = over;
    const { statements } = await done(admin, operations.close, { month });
    expect(statements.map(({ partner }) => partner.code).sort()).toEqual(
      trades.map(({ code }) => code).sort(),
    );

    const period = { from: month, to: '2026-03-31' };
    const { program: issued } = await read<Issued>(admin, queries.issuance, { period });
    expect(issued.issuance).toEqual({
      points: 2_596,
      byPartner: Object.entries({ HARBOUR: 1_800, NORTH: 499, SHOP: 170, BANK: 95, TRAM: 32 }).map(
        ([code, points]) => ({ partner: { code }, points, activities: posted[code] }),
      ),
      crossPartnerRate: '1.000000',
    });

    // 3.71 + 14.40 + 0.95 + 1.70 - 0.80.
    const { program } = await read<Position>(admin, queries.position, { month });
    expect(program.settlement).toMatchObject({
      closed: true,
      net: [{ amount: '19.96', currency: 'EUR' }],
    });
  });

  it.each(trades)('$code reads its statement, and it is paid', async (trade) => {
    const token = tokenOf(trade.code);
    const { points, net, ...sums } = trade.statement;
    const [issuedPoints, reversedPoints, redeemedPoints] = points;
    const { myPartner } = await read<{ myPartner: Own }>(token, queries.statement);
    // April is open.
    const [, first] = myPartner.settlementStatements.nodes;
    expect(first).toMatchObject({
      status: 'ISSUED',
      dueOn: '2026-05-01',
      issuedPoints,
      reversedPoints,
      redeemedPoints,
      ...Object.fromEntries(Object.entries(sums).map(([of, amount]) => [of, { amount }])),
      net: { amount: net },
      due: { amount: net },
    });

    const rows = await download(first!.csvUrl!, token);
    const exact = rows.map((row) => Number(row[5]));
    // The file's amounts are exact, what is due is rounded.
    expect(Math.abs(exact.reduce((sum, each) => sum + each, 0) - Number(net))).toBeLessThan(0.01);
    const other = trade.code === 'SHOP' ? 'BANK' : 'SHOP';
    const headers = { authorization: `Bearer ${tokenOf(other)}` };
    expect((await fetch(first!.csvUrl!, { headers })).status).toBe(404);

    const paid = await done(admin, operations.pay, { id: first!.id });
    expect(paid.statements).toEqual([{ status: 'PAID', due: { amount: '0.00' } }]);
  });

  /** The statement's file. @returns its rows without the header */
  async function download(url: string, token: string): Promise<string[][]> {
    const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
    expect(answer.headers.get('content-type')).toContain('text/csv');
    const [header, ...rows] = (await answer.text()).trim().split('\r\n');
    expect(header).toMatch(/^line,kind,reference,points,rate,amount,/);
    return rows.map((row) => row.split(','));
  }

  it('every brand was told, in messages that it can verify', async () => {
    // In the member's order, one after the other.
    while ((await deliver()) > 0);
    const told = new Map<string, string[]>();
    for (const { url, headers, body } of receiver.received) {
      new Verifier(secrets.get(url)!).verify(body, headers as Record<string, string>);
      const { type } = JSON.parse(body) as { type: string };
      told.set(url, [...(told.get(url) ?? []), type]);
    }
    for (const [code, count] of Object.entries(posted)) {
      const types = told.get(`/events/${code}`)!;
      expect({ code, types: types.sort() }).toEqual({
        code,
        types: [...Array<string>(count).fill('activity.posted'), 'statement.issued'],
      });
      expect(told.get(`/events/${code}/trial`)).toEqual(['test']);
    }
    expect(await auditLedger(test.owner())).toEqual([]);
  });
});

type Field =
  | 'partner'
  | 'ruleSet'
  | 'client'
  | 'webhook'
  | 'member'
  | 'hold'
  | 'activity'
  | 'offer'
  | 'claim'
  | 'conversion'
  | 'reward';
type Payload = Record<Field, Record<string, string>> & {
  clientSecret: string;
  secret: string;
  verificationId: string;
  statements: { id: string; partner: { code: string } }[];
  userErrors: { code: string; path: string[] }[];
};
interface Brand {
  onboarding: { readyForLive: boolean; steps: { code: string; done: boolean }[] };
}
interface Balance {
  me: { balance: { available: number; pending: number } };
}
interface Issued {
  program: { issuance: unknown };
}
interface Position {
  program: { settlement: unknown };
}
interface Own {
  settlementStatements: { nodes: { id: string; csvUrl: string }[] };
}
