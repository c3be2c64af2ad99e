import fc from 'fast-check';
import { parse } from 'graphql';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { readSamples } from '../../../gateway/graphiql/samples.ts';
import { subgraphNames } from '../../../platform/config.ts';
import { readSdl } from '../../../platform/subgraph.ts';
import { type Answer, federate, federation, openFederation } from '../../support/federation.ts';
import { isNightly } from '../../support/nightly.ts';
import { type RandomFederation, openRandom } from '../../support/random-federation.ts';
import { chooser, writeOperation } from '../../support/random-operations.ts';
import { keys, resolvers, subgraphs, told } from './market.ts';

const operations = isNightly ? 20_000 : 2_000;
/** Others each time; what fails says its seed. */
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
/** What fast-check tells of a failure: with its seed, that operation alone is asked again. */
const path = process.env['TEST_PATH'] ?? '';

const market = {
  name: 'a market of all features',
  share: 0.75,
  names: Object.keys(subgraphs),
  tells: { told, keys },
  open: () =>
    openRandom(
      Object.values(subgraphs).map((sdl) => parse(`${federation} ${sdl}`)),
      (world) => federate({ subgraphs, ...world }),
      resolvers,
    ),
};

const coalition = {
  name: 'the coalition',
  share: 0.25,
  names: [...subgraphNames],
  tells: { keys: new Set(['PointsCurrency.code']) },
  open: () => {
    const own = subgraphNames.map((name) => ({ name, typeDefs: readSdl(name) }));
    const file = new URL('../../../schema/supergraph.graphql', import.meta.url);
    const supergraphSdl = readFileSync(file, 'utf8');
    return openRandom(
      own.map(({ typeDefs }) => typeDefs),
      (world) => openFederation(supergraphSdl, own, world),
    );
  },
};

/** What an operation is written by: most are small. */
const numbersOf = (maxLength: number) =>
  fc.array(fc.nat({ max: 255 }), { minLength: 3, maxLength, size: 'max' });

/** An operation, what its data is imagined by, and what goes wrong. */
const drawn = fc.record({
  numbers: fc.oneof(
    { arbitrary: numbersOf(22), weight: 3 },
    { arbitrary: numbersOf(90), weight: 1 },
  ),
  world: fc.nat({ max: 31 }),
  trouble: fc.constantFrom('none', 'none', 'faults', 'down'),
});

const limits = { depth: 4, fields: 3, aliases: ['a', 'b', 'constructor', 'id', 'name'] };

describe.each([market, coalition])(
  `operations (TEST_SEED=${seed}) of $name`,
  ({ name, share, names, tells, open }) => {
    const graph = open();

    it('at random have the answer that the schema promises, or that others have, too', async () => {
      const property = fc.asyncProperty(drawn, async ({ numbers, world, trouble }) => {
        const { document, variables } = writeOperation(graph.schema, chooser(numbers), limits);
        graph.imagine({ seed: world, nulls: 15, faults: trouble === 'faults' ? 8 : 0, ...tells });
        const down = trouble === 'down' ? names[world % names.length] : null;
        graph.interrupt = ({ subgraph }) => (subgraph === down ? null : undefined);

        const answers = await askAll(graph, document, variables);

        fc.pre(answers !== null);
        const isRight =
          trouble === 'none' ? areEqual(answers.own, answers.whole) : isRightInTrouble(answers);
        if (!isRight) throw new Error(JSON.stringify({ document, variables, down, ...answers }));
      });

      const numRuns = Math.ceil(operations * share);
      const told = await fc.check(property, { seed, path, numRuns });

      expect(told.failed && `${fc.defaultReportMessage(told)}\n${String(told.errorInstance)}`).toBe(
        false,
      );
    });

    if (name !== coalition.name) return;

    const samples = readSamples().filter(({ query }) => !query.startsWith('subscription'));
    it.each(samples.map((sample) => [sample.title, sample] as const))(
      'that people start from have it: %s',
      async (_, { query, variables }) => {
        graph.interrupt = () => undefined;
        for (const world of [1, 2, 3]) {
          graph.imagine({ seed: world, nulls: 5, faults: 0, ...tells });

          const { own, stock, whole } = (await askAll(
            graph,
            query,
            JSON.parse(variables || '{}') as object,
          ))!;

          expect(own).toEqual(whole);
          expect(stock).toEqual(whole);
        }
      },
    );
  },
);

interface Answers {
  own: Answer;
  stock: Answer;
  whole: Answer;
}

/** Three answers; null where the document is not valid, since two fields want one name. */
async function askAll(
  graph: RandomFederation,
  document: string,
  variables: object,
): Promise<Answers | null> {
  graph.hops.length = 0;
  const whole = await graph.whole(document, { ...variables }).catch(() => null);
  if (!whole) return null;
  const ask = (one: RandomFederation['own']) =>
    one(document, { ...variables }).catch((error: unknown) => ({
      errors: [{ message: String(error) }],
    }));
  return { own: await ask(graph.own), stock: await ask(graph.stock), whole };
}

/**
 * Where something goes wrong, one schema does not always know what can be told still: Apollo's
 * executor does, where it is honest.
 */
function isRightInTrouble({ own, stock, whole }: Answers): boolean {
  if (areEqual(own, whole) || areEqual(own, stock)) return true;
  return !isHonest(stock, whole) && isHonest(own, whole);
}

/**
 * Whether two have the same data, and errors in the same places. Where a subgraph does not answer,
 * Apollo's gateway says no place.
 */
function areEqual(own: Answer, other: Answer): boolean {
  if (!isDeepStrictEqual(own.data, other.data)) return false;
  const [places, others] = [placesOf(own), placesOf(other)];
  return others.includes('') ? places.length > 0 : isDeepStrictEqual(places, others);
}

function placesOf({ errors = [] }: Answer): string[] {
  return [...new Set(errors.map(({ path = [] }) => path.join('.')))].toSorted();
}

/** Whether an answer has what is promised, or null where an error says why. */
function isHonest({ data, errors = [] }: Answer, promised: Answer): boolean {
  const isTold = (here: readonly string[]) =>
    errors.some(({ path = [] }) => here.every((part, at) => String(path[at] ?? part) === part));
  const isSo = (value: unknown, expected: unknown, here: readonly string[]): boolean => {
    if (isDeepStrictEqual(value, expected)) return true;
    if (value === null) return isTold(here);
    if (typeof value !== 'object' || typeof expected !== 'object' || !expected) return false;
    const [own, other] = [Object.entries(value!), expected as Record<string, unknown>];
    return (
      own.length === Object.keys(other).length &&
      own.every(([name, each]) => name in other && isSo(each, other[name], [...here, name]))
    );
  };
  return isSo(data, promised.data, []);
}
