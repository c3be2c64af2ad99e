/**
 * Measures how many activities a second one rule set judges, by how many rules it has:
 * `npm run bench:earning -- --help` lists the options. Pure computation, nothing is read: by the second of
 * processor time, so that what else the machine does counts little.
 */
import '../platform/production.ts';
import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runProgram } from '../scripts/program.ts';
import { earn } from '../subgraphs/partners/earning/earning.ts';
import type { EarnRule } from '../subgraphs/partners/rows.ts';
import { earnRule, earningFacts, judged } from '../test/support/earn-rules.ts';

const usage = `npm run bench:earning -- [options]

  --rules LIST   sizes of the rule sets, by commas (5,50,500)
  --items N      items of each activity (5)
  --seconds N    how long each measurement takes (2)
  --rounds N     how often each is made, by turns (5)
`;

/** Products and categories that activities buy of; rules are for some of them. */
const products = 1_000;
const categories = 20;

await runProgram(async () => {
  const { values } = parseArgs({
    options: {
      rules: { type: 'string', default: '5,50,500' },
      items: { type: 'string', default: '5' },
      seconds: { type: 'string', default: '2' },
      rounds: { type: 'string', default: '5' },
      help: { type: 'boolean' },
    },
  });
  if (values.help) {
    process.stdout.write(usage);
    return 0;
  }
  const activities = Array.from({ length: 1_000 }, (_, n) => anActivity(n, Number(values.items)));
  const sets = values.rules
    .split(',')
    .map((size) => ({ size: Number(size), perSecond: [] as number[] }));
  const rules = new Map(sets.map((set) => [set, { id: randomUUID(), rules: aRuleSet(set.size) }]));
  for (let round = 0; round <= Number(values.rounds); round++) {
    for (const set of sets) {
      const perSecond = measure(activities, rules.get(set)!, Number(values.seconds));
      // The first round compiles, and is not counted.
      if (round > 0) set.perSecond.push(perSecond);
    }
  }
  for (const { size, perSecond } of sets) {
    const sorted = perSecond.sort((a, b) => a - b);
    const [least, middle, most] = [sorted[0]!, sorted[sorted.length >> 1]!, sorted.at(-1)!];
    const figures = {
      rules: size,
      activitiesPerSecond: middle,
      least,
      most,
      rulesPerSecond: middle * size,
    };
    process.stdout.write(`${JSON.stringify(figures)}\n`);
  }
  return 0;
});

function measure(
  activities: ReturnType<typeof anActivity>[],
  ruleSet: { id: string; rules: EarnRule[] },
  seconds: number,
): number {
  const start = process.cpuUsage();
  const spent = () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1_000_000;
  };
  let count = 0;
  let points = 0n;
  while (count % 100 > 0 || spent() < seconds) {
    points += earn(activities[count % activities.length]!, ruleSet).points;
    count++;
  }
  if (points === 0n) throw new Error('The rules gave nothing: nothing was measured.');
  return Math.round(count / spent());
}

/** A base, multipliers by the hour and amount, products and categories with rates of their own, bonuses. */
function aRuleSet(size: number): EarnRule[] {
  const each = (n: number): EarnRule => {
    switch (n % 5) {
      case 0:
        return earnRule({ spend: '2' }, { when: `item.sku == "sku-${(n * 7) % products}"` });
      case 1:
        return earnRule({ spend: '1.5' }, { when: `item.category == "c-${n % categories}"` });
      case 2:
        return earnRule({ multiplier: '2' }, { when: `activity.hour == ${n % 24}` });
      case 3:
        return earnRule({ multiplier: '1.2' }, { when: `activity.amount >= dec("${n + 40}")` });
      default:
        return earnRule({ fixed: 10 }, { when: `activity.dayOfWeek == ${(n % 7) + 1}` });
    }
  };
  return [earnRule({ spend: '1' }), ...Array.from({ length: size - 1 }, (_, n) => each(n))];
}

function anActivity(n: number, items: number) {
  return judged({
    ...earningFacts({ amount: String(20 + (n % 180)), hour: n % 24, dayOfWeek: (n % 7) + 1 }),
    items: Array.from({ length: items }, (_, place) => ({
      sku: `sku-${(n * 31 + place) % products}`,
      productType: '',
      category: `c-${(n + place) % categories}`,
      brand: '',
      quantity: 1,
      amount: '2.99',
    })),
  });
}
