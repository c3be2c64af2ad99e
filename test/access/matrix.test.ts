import type { DocumentNode, GraphQLField } from 'graphql';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Gateway, type GatewayParts, start as startGateway } from '../../gateway/server.ts';
import { localClient } from '../../gateway/subgraph-client.ts';
import type { SubgraphName } from '../../platform/config.ts';
import { rows as queryRows } from '../../platform/database.ts';
import { root } from '../../platform/root.ts';
import { type Subgraph, type SubgraphDefinition, readSdl } from '../../platform/subgraph.ts';
import { definition as community } from '../../subgraphs/community/server.ts';
import { definition as members } from '../../subgraphs/members/server.ts';
import { definition as partners } from '../../subgraphs/partners/server.ts';
import { definition as rewards } from '../../subgraphs/rewards-catalog/server.ts';
import { useTestDatabase } from '../support/database.ts';
import { gatewayConfig, noIdentity } from '../support/gateway.ts';
import { isNightly } from '../support/nightly.ts';
import { sequence } from '../support/random.ts';
import { type GraphQLAnswer, testPlatform } from '../support/subgraph.ts';
import { type Rows, askAll, keepRows, startOpen } from './asking.ts';
import { type Caller, callersOf } from './callers.ts';
import { type Measured, shared, written } from './page.ts';
import { argumentsOf, questionsOf, rowTypesOf } from './questions.ts';
import {
  type Place,
  audiencesAt,
  isKeptByItsType,
  marksOf,
  openFieldsOf,
  rulesOf,
  typesOf,
  without,
} from './rules.ts';
import { payloadsOf, show } from './shown.ts';
import { type Sown, sow } from './sown.ts';
import { Breadth } from './breadth.ts';
import { type Done, deedsOf } from './deeds.ts';
import { partnerDeedsOf, refusedDeedsOf } from './partner-deeds.ts';
import { attempt, everything, namingMutations, trespassesOf } from './trespasses.ts';

const definitions: SubgraphDefinition<unknown>[] = [members, partners, rewards, community];
/** Types of partners that the sown brand has none of, or other graphs lead to: test/journeys/brands.e2e.test.ts reads them. */
const elsewhere: ReadonlySet<string> = new Set([
  'AirlineDetails',
  'FareEarning',
  'HotelDetails',
  'CardIssuerDetails',
  'CardProduct',
  'CategoryRate',
  'RetailerDetails',
  'MobilityDetails',
  'ConversionTerms',
  'PointBlock',
  'PointBlockEdge',
  'Program',
  'IssuanceReport',
  'PartnerIssuance',
  'SettlementReport',
]);
const seed = Number(process.env['TEST_SEED'] ?? Date.now() % 1_000_000);
const page = join(root, 'test/access/matrix.txt');

describe('the access matrix', () => {
  const test = useTestDatabase();
  const platform = testPlatform();
  let isActing = false;
  let sown: Sown;
  let callers: Caller[][];
  const opened = new Map<SubgraphName, { subgraph: Subgraph; rows: Rows }>();
  const measured = new Map<string, Measured>();
  beforeAll(async () => {
    sown = await sow(test);

    callers = callersOf(sown);
    for (const definition of definitions) {
      const rows: Rows = definition === members ? payloadsOf(sown) : new Map();
      const subgraph = await startOpen(definition, test, {
        rows,
        platform,
        isActing: () => isActing,
      });
      opened.set(definition.name, { subgraph, rows });
      keepRows(subgraph.schema, rows);
      await show(subgraph, sown);
    }
    for (const [name, { subgraph, rows }] of opened) {
      const sdl = readSdl(name);
      const questions = questionsOf(sdl, subgraph.schema, sown);
      const cells = await askAll(subgraph, questions, { callers: callers.flat(), rows });
      measured.set(name, { sdl, questions, cells });
    }
  });
  afterAll(() => Promise.all([...opened.values()].map(({ subgraph }) => subgraph.drain())));

  it('is the one that was reviewed', async () => {
    const found = written(measured, callers);
    if (process.env['UPDATE_MATRIX']) await writeFile(page, found);
    expect(found).toBe(await readFile(page, 'utf8'));
  });

  it('has a row of every type that has rules, and somebody who sees it', () => {
    for (const [name, { rows }] of opened) {
      expect(rowTypesOf(readSdl(name)).filter((type) => !rows.has(type))).toEqual([]);
      const { questions, cells } = measured.get(name)!;
      const unseen = questions.filter((_, index) => !cells[index]!.includes('+'));
      expect(unseen.map(({ text }) => text)).toEqual([]);
    }
  });

  it('answers nobody whom no rule names', () => {
    for (const { sdl, questions, cells } of measured.values()) {
      for (const [{ type, field }, node] of marksOf(sdl)) {
        const named = audiencesAt(node);
        if (named.includes('PUBLIC')) continue;
        const strays = questions.flatMap((question, row) =>
          question.type !== type || question.field !== field
            ? []
            : callers
                .flat()
                .filter((_, caller) => '+o'.includes(cells[row]![caller]!))
                .filter(({ viewer }) => !named.includes(viewer.audience)),
        );
        expect({ type, field, strays }).toEqual({ type, field, strays: [] });
      }
    }
  });

  it('is another one without any one of the rules', async () => {
    const random = sequence(seed);
    const all = definitions.flatMap((definition) => {
      const sdl = readSdl(definition.name);
      return rulesOf(sdl)
        .filter((rule) => !isKeptByItsType(sdl, rule))
        .flatMap((rule) => [
          { definition, sdl, rule, argument: null },
          ...rule.given
            .filter((argument) => argument !== 'to')
            .map((argument) => ({ definition, sdl, rule, argument })),
        ]);
    });
    const sample = isNightly ? all : Array.from({ length: 4 }, () => all[random(all.length)]!);
    expect(all.length).toBeGreaterThan(200);
    const unnoticed = [];
    for (const { definition, sdl, rule, argument } of sample) {
      const changed = await isChanged(definition, without(sdl, rule, argument), rule);
      if (!changed) unnoticed.push({ ...rule, argument });
    }
    expect({ seed, unnoticed }).toEqual({ seed, unnoticed: [] });
  });

  it('is another one where no consent is looked for', async () => {
    const { subgraph, rows } = opened.get('members')!;
    const { questions: all, cells } = measured.get('members')!;
    const questions = all.filter(
      ({ type, field }) => type === 'Member' || (type === 'Query' && field === 'member'),
    );
    const open = `CREATE OR REPLACE FUNCTION members.may(
      p_partner_id uuid, p_member_ids uuid[], p_scope text, p_sandbox boolean
    ) RETURNS SETOF uuid LANGUAGE sql AS 'SELECT unnest(p_member_ids)'`;
    await queryRows(test.owner(), open);
    const found = await askAll(subgraph, questions, { callers: callers.flat(), rows });
    await queryRows(
      test.owner(),
      await readFile(join(root, 'subgraphs/members/sql/20-may.sql'), 'utf8'),
    );

    const changed = questions.filter(
      (question, row) => found[row]!.join('') !== cells[all.indexOf(question)]!.join(''),
    );
    expect(changed.map(({ type, field }) => `${type}.${field}`)).toEqual(
      expect.arrayContaining(['Query.member', 'Member.profile', 'Member.balance', 'Member.status']),
    );
  });

  describe('through the gateway', () => {
    let gateway: Gateway;
    beforeAll(async () => {
      isActing = true;
      const clients = [...opened].map(([name, { subgraph }]) => [name, localClient(subgraph)]);
      const subgraphs = Object.fromEntries(clients) as GatewayParts['subgraphs'];
      gateway = await startGateway(gatewayConfig(), platform, { subgraphs, identity: noIdentity });
    });
    afterAll(() => gateway.drain());
    const callerOf = (letter: string) => callers.flat().find((each) => each.letter === letter)!;
    // Those for the gateway alone are in no graph.
    const mutationsOf = (graph: SubgraphName) => {
      const all = opened.get(graph)!.subgraph.schema.getMutationType()!.getFields();
      const isShown = ({ astNode }: GraphQLField<unknown, unknown>) =>
        !astNode!.directives!.some(({ name }) => name.value === 'inaccessible');
      return Object.fromEntries(Object.entries(all).filter(([, field]) => isShown(field)));
    };
    const askAs = (letter: string) => async (query: string, variables: object) => {
      const { viewer } = callerOf(letter);
      const answer = await gateway.execute({ query, variables } as never, viewer);
      return JSON.parse(JSON.stringify(answer)) as GraphQLAnswer;
    };

    it('nobody changes what is another’s, or learns of it', async () => {
      const trespasses = trespassesOf(sown);
      const before = await everything(test.owner());
      for (const { subgraph } of opened.values()) {
        for (const field of namingMutations(subgraph.schema)) {
          const { name } = field;
          const audiences = audiencesAt(field.astNode!);
          const { given, isSilent = false, by = 'hocetwns' } = trespasses[name] ?? {};
          const trying = callers
            .flat()
            .filter(
              ({ viewer, letter }) => by.includes(letter) && audiences.includes(viewer.audience),
            );
          for (const { letter } of trying) {
            expect({ name, given }).toEqual({ name, given: expect.anything() });
            const { codes, shown } = await attempt(askAs(letter), field, given!);
            const told = isSilent ? { codes: 0, shown } : { codes: 1, shown: {} };
            expect({ name, letter, codes: codes.length, shown }).toEqual({ name, letter, ...told });
          }
        }
      }
      expect(await everything(test.owner())).toEqual(before);
    });

    it.each(['members', 'partners'] as const)('every field of %s is read', async (graph) => {
      const sdl = readSdl(graph);
      const { schema } = opened.get(graph)!.subgraph;
      const asked = argumentsOf(sown);
      const read = new Set<string>();
      const unreadOf = (type: ReturnType<typeof typesOf>[number]) =>
        openFieldsOf(type)
          .map(({ name }) => `${type.name.value}.${name.value}`)
          .filter((field) => !read.has(field));
      const { fields } = typesOf(sdl).find((type) => type.name.value === 'Query')!;
      for (const { name, arguments: args = [] } of fields!) {
        const [first = {}] = Object.values(asked[name.value] ?? {});
        const isList = args.some((argument) => argument.name.value === 'first');
        const given = isList ? { ...first, first: 2 } : first;
        const whole = typesOf(sdl).filter((type) => unreadOf(type).length === 0);
        const known = new Set(whole.map((type) => type.name.value));
        const breadth = new Breadth(schema, sdl, { field: name.value, given, known });
        for (const letter of 'mAO') {
          if (breadth.fields.every((field) => read.has(field))) continue;
          const { data } = await askAs(letter)(breadth.query, {});
          for (const field of breadth.readIn((data ?? {}) as never)) read.add(field);
        }
      }
      const all = typesOf(sdl).flatMap((type) =>
        /^(Mutation|Subscription)$|Payload$/.test(type.name.value) ||
        shared.has(type.name.value) ||
        (graph === 'partners' && elsewhere.has(type.name.value))
          ? []
          : unreadOf(type),
      );
      expect(all).toEqual([]);
    });

    it('every mutation of partners is refused where its rules say so', async () => {
      const mutations = mutationsOf('partners');
      const before = await everything(test.owner());
      const refused = refusedDeedsOf(sown);
      for (const { name, by, given, code, path } of refused) {
        const { codes, paths } = await attempt(askAs(by), mutations[name]!, given);
        expect({ name, codes, paths }).toEqual({ name, codes: [code], paths: [path] });
      }
      const names = new Set(refused.map(({ name }) => name));
      expect(Object.keys(mutations).filter((name) => !names.has(name))).toEqual([]);
      expect(await everything(test.owner())).toEqual(before);
    });

    it.each([
      ['partners', (done: Done) => partnerDeedsOf(sown, done)],
      ['members', (done: Done) => deedsOf(sown, done, platform.sent)],
    ] as const)('every mutation of %s goes through', async (graph, deeds) => {
      const done: Done = new Map();
      const mutations = mutationsOf(graph);
      for (const { name, by, given } of deeds(done)) {
        const { codes, shown } = await attempt(askAs(by), mutations[name]!, given);
        expect({ name, codes }).toEqual({ name, codes: [] });
        done.set(name, shown);
      }
      expect(Object.keys(mutations).filter((name) => !done.has(name))).toEqual([]);
    });
  });

  /** Whether the place of a rule answers anybody differently with another SDL; not to start counts. */
  async function isChanged(
    definition: SubgraphDefinition<unknown>,
    sdl: DocumentNode,
    { type, field }: Place,
  ): Promise<boolean> {
    const { rows } = opened.get(definition.name)!;
    const { questions, cells } = measured.get(definition.name)!;
    const asked = questions.filter(
      (question) => question.type === type && (field === null || question.field === field),
    );
    try {
      const subgraph = await startOpen(definition, test, { rows, sdl });
      try {
        const found = await askAll(subgraph, asked, { callers: callers.flat(), rows });
        return asked.some(
          (question, row) => found[row]!.join('') !== cells[questions.indexOf(question)]!.join(''),
        );
      } finally {
        await subgraph.drain();
      }
    } catch {
      return true;
    }
  }
});
