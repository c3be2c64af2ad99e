import { rows } from '../../platform/database.ts';
import { fitLifetimeValue } from '../../worker/lifetime-value/fit.ts';
import { minimise } from '../../worker/lifetime-value/minimum.ts';
import {
  type Buyer,
  expectedPurchases,
  expectedSpend,
  fitPurchases,
  fitSpend,
  purchaseLikelihood,
  spendLikelihood,
} from '../../worker/lifetime-value/purchase-models.ts';
import { hypergeometric, lbeta, lgamma } from '../../worker/lifetime-value/special-functions.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenMember } from '../support/given-members.ts';
import { givenPartner } from '../support/given-partners.ts';
import { runJob } from '../support/jobs.ts';
import { sequence } from '../support/random.ts';

/** Fader, Hardie and Lee, 2005, table 2: CDNOW. */
const cdnow = { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426, logLikelihood: -9582.4 };
/** Fader and Hardie, 2013: what CDNOW's customers spend. */
const cdnowSpend = { p: 6.25, q: 3.74, gamma: 15.44, logLikelihood: 0 };

const aBuyer = (more: Partial<Buyer> = {}): Buyer => ({
  repeats: 0,
  recency: 0,
  age: 38.86,
  spend: 0,
  ...more,
});

describe('the functions that the models are made of', () => {
  it.each([
    [0.1, 2.252712651734206],
    [0.5, Math.log(Math.sqrt(Math.PI))],
    [1, 0],
    [5, Math.log(24)],
    [100, 359.1342053695754],
  ])('lnΓ(%d) is %d', (x, expected) => {
    expect(lgamma(x)).toBeCloseTo(expected, 10);
  });

  it('are what closed forms say', () => {
    expect(lbeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 10);
    // 2F1(1, 1; 2; z) = -ln(1 - z) / z, and 2F1(a, b; b; z) = (1 - z)^-a.
    for (const z of [0, 0.1, 0.5, 0.95]) {
      const log = z === 0 ? 1 : -Math.log(1 - z) / z;
      expect(hypergeometric(1, 1, 2, z)).toBeCloseTo(log, 9);
      expect(hypergeometric(-0.3, 2.5, 2.5, z)).toBeCloseTo((1 - z) ** 0.3, 9);
    }
  });
});

describe('minimise', () => {
  it('finds the lowest point of a valley that bends', async () => {
    const rosenbrock = ([x, y]: readonly number[]) => (1 - x!) ** 2 + 100 * (y! - x! ** 2) ** 2;
    const { point, value, converged } = await minimise(rosenbrock, [-1.2, 1]);

    expect(converged).toBe(true);
    expect(value).toBeCloseTo(0, 6);
    expect(point[0]).toBeCloseTo(1, 3);
    expect(point[1]).toBeCloseTo(1, 3);
  });

  it('says where it did not come to rest', async () => {
    const { converged } = await minimise(([x]) => x!, [0], { stepsMax: 50 });
    expect(converged).toBe(false);
  });
});

describe('BG/NBD and Gamma-Gamma', () => {
  it('expect of a customer what was published', () => {
    // Customer 1 of CDNOW: 1.226 purchases in the 39 weeks to come, and 24.65 for each.
    const first = aBuyer({ repeats: 2, recency: 30.43, spend: 22.35 });
    expect(expectedPurchases(cdnow, first, 39)).toBeCloseTo(1.226, 3);
    expect(expectedSpend(cdnowSpend, first)).toBeCloseTo(24.66, 2);
    expect(expectedSpend(cdnowSpend, aBuyer())).toBeCloseTo(35.22, 2);
  });

  it('expect no more than the fitted rate near a = 1, where the closed form is 0 / 0', () => {
    const buyer = aBuyer({ repeats: 3, recency: 20 });
    const [below, at, above] = [0.999, 1, 1.001].map((a) =>
      expectedPurchases({ ...cdnow, a }, buyer, 39),
    ) as [number, number, number];
    expect(at).toBeLessThan(below);
    expect(at).toBeGreaterThan(above);
  });

  // By another route: the parameters of each member are drawn and averaged, with no closed form.
  it('give a customer the likelihood that members drawn one by one have on average', () => {
    const random = sequence(7);
    const draw = draws(() => (random(2 ** 31) + 0.5) / 2 ** 31);
    const model = { r: 0.9, alpha: 6, a: 0.8, b: 2.5 };
    const buyers = [aBuyer({ age: 10 }), aBuyer({ repeats: 2, recency: 6, age: 10 })];
    const members = Array.from({ length: 60_000 }, () => ({
      rate: draw.gamma(model.r) / model.alpha,
      stops: draw.beta(model.a, model.b),
    }));
    for (const buyer of buyers) {
      const { repeats: x, recency, age } = buyer;
      const sum = members.reduce((added, { rate, stops }) => {
        const stays = (1 - stops) ** x * rate ** x * Math.exp(-rate * age);
        const gone =
          x === 0 ? 0 : stops * (1 - stops) ** (x - 1) * rate ** x * Math.exp(-rate * recency);
        return added + stays + gone;
      }, 0);
      const told = Math.exp(purchaseLikelihood([buyer], model));
      expect(told / (sum / members.length)).toBeCloseTo(1, 1);
    }
  });

  it('find the parameters that members were made with', async () => {
    const random = sequence(42);
    const draw = draws(() => (random(2 ** 31) + 0.5) / 2 ** 31);
    const made = { r: 0.9, alpha: 6, a: 0.5, b: 3, p: 4, q: 4, gamma: 30 };
    const buyers = Array.from({ length: 2_000 }, () => draw.buyer(made));

    const purchases = (await fitPurchases(buyers))!;
    const spend = (await fitSpend(buyers))!;

    // No worse than what they were made with, and close to it.
    expect(purchases.logLikelihood).toBeGreaterThanOrEqual(purchaseLikelihood(buyers, made));
    expect(purchases.logLikelihood - purchaseLikelihood(buyers, made)).toBeLessThan(8);
    expect(purchases.r / made.r).toBeCloseTo(1, 0);
    expect(purchases.alpha / made.alpha).toBeCloseTo(1, 0);
    const stops = ({ a, b }: { a: number; b: number }) => a / (a + b);
    expect(stops(purchases)).toBeCloseTo(stops(made), 1);
    const again = buyers.filter(({ repeats }) => repeats > 0);
    const likelihood = spendLikelihood(again, made);
    expect(spend.logLikelihood - likelihood).toBeGreaterThanOrEqual(0);
    expect(spend.logLikelihood - likelihood).toBeLessThan(8);
    // 30 * 4 / (4 - 1).
    expect(expectedSpend(spend, aBuyer()) / 40).toBeCloseTo(1, 1);
  });

  it('say nothing of few', async () => {
    const some = Array.from({ length: 99 }, () => aBuyer({ repeats: 1, recency: 3, spend: 5 }));
    expect(await fitLifetimeValue(some)).toBeNull();
    expect(await fitLifetimeValue(Array.from({ length: 200 }, () => aBuyer()))).toBeNull();
  });
});

describe('fit-lifetime-value', () => {
  const test = useTestDatabase();
  const run = () => runJob(test, 'fit-lifetime-value');
  const fits = () => rows(test.owner(), 'SELECT * FROM members.lifetime_value_fit');

  it('fits to days with purchases in the program’s money, once a day', async () => {
    const partnerId = await givenPartner(test);
    const memberId = await givenMember(test);
    // Two purchases on the first day are one; dollars and the sandbox do not count.
    await givenPurchases(partnerId, [
      { memberId, daysAgo: 21, amount: '5' },
      { memberId, daysAgo: 21, amount: '6' },
      { memberId, daysAgo: 14, amount: '10' },
      { memberId, daysAgo: 7, amount: '12.50' },
      { memberId, daysAgo: 7, amount: '1.50' },
      { memberId, daysAgo: 1, amount: '99', currency: 'USD' },
      { memberId, daysAgo: 1, amount: '99', sandbox: true },
    ]);
    expect(await rows(test.db('worker'), 'SELECT * FROM partners.buyers(10)')).toEqual([
      { repeats: 2, recency: 2, age: 3, spend: 12 },
    ]);
    expect(await run()).toBe(0);
    expect(await fits()).toEqual([]);

    const random = sequence(3);
    const draw = draws(() => (random(2 ** 31) + 0.5) / 2 ** 31);
    for (let n = 0; n < 150; n++) {
      const times = draw.bought({ r: 0.9, alpha: 6, a: 0.5, b: 3 }, 40);
      const each = [0, ...times].map((week) => ({
        memberId: `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`,
        daysAgo: 300 - Math.floor(week * 7),
        amount: String(10 + random(30)),
      }));
      await givenPurchases(partnerId, each);
    }
    expect(await rows(test.db('worker'), 'SELECT FROM partners.buyers(10)')).toHaveLength(10);
    expect(await run()).toBe(1);
    expect(await fits()).toEqual([
      expect.objectContaining({ members: 151, currency: 'EUR' }) as unknown,
    ]);
    expect(await run()).toBe(0);
  });

  async function givenPurchases(
    partnerId: string,
    all: {
      memberId: string;
      daysAgo: number;
      amount: string;
      currency?: string;
      sandbox?: boolean;
    }[],
  ) {
    await rows(
      test.owner(),
      `INSERT INTO partners.activity (id, partner_id, member_id, sandbox, reference, input_hash, kind,
         status, amount, currency, points, qualifying_points, issue_price, contract_version, rule_set_version,
         explanation, occurred_at, posted_at)
       SELECT gen_random_uuid(), $1, "memberId", coalesce(sandbox, false), gen_random_uuid(), 'h',
              'PURCHASE', 'POSTED', amount, coalesce(currency, 'EUR'), 0, 0, 0, 1, 1, '[]',
              now() - make_interval(days => "daysAgo"), now()
       FROM jsonb_to_recordset($2) AS t ("memberId" uuid, "daysAgo" integer, amount numeric,
         currency text, sandbox boolean)`,
      [partnerId, JSON.stringify(all)],
    );
  }
});

/** Members by chance. */
function draws(uniform: () => number) {
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  /** Source: Marsaglia and Tsang, A simple method for generating gamma variables, 2000. */
  const gamma = (shape: number): number => {
    if (shape < 1) return gamma(shape + 1) * uniform() ** (1 / shape);
    const d = shape - 1 / 3;
    for (;;) {
      const x = normal();
      const v = (1 + x / Math.sqrt(9 * d)) ** 3;
      if (v > 0 && Math.log(uniform()) < (x * x) / 2 + d - d * v + d * Math.log(v)) return d * v;
    }
  };
  const beta = (a: number, b: number) => {
    const [x, y] = [gamma(a), gamma(b)];
    return x / (x + y);
  };
  /** The weeks in which a member buys again. */
  const bought = (model: { r: number; alpha: number; a: number; b: number }, age: number) => {
    const rate = gamma(model.r) / model.alpha;
    const stops = beta(model.a, model.b);
    const weeks: number[] = [];
    for (let week = -Math.log(uniform()) / rate; week < age; week -= Math.log(uniform()) / rate) {
      weeks.push(week);
      if (uniform() < stops) break;
    }
    return weeks;
  };
  const buyer = (
    model: Parameters<typeof bought>[0] & { p: number; q: number; gamma: number },
  ): Buyer => {
    const age = 27 + 12 * uniform();
    const weeks = bought(model, age);
    const scale = gamma(model.q) / model.gamma;
    const spends = weeks.map(() => gamma(model.p) / scale);
    return {
      repeats: weeks.length,
      recency: weeks.at(-1) ?? 0,
      age,
      spend: weeks.length ? spends.reduce((sum, each) => sum + each, 0) / weeks.length : 0,
    };
  };
  return { gamma, beta, bought, buyer };
}
