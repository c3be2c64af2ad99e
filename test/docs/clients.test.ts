import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type GraphQLSchema, isEnumType, parse, validate } from 'graphql';
import { audienceGraphs } from '../../gateway/audiences.ts';
import { clientErrorCodes, maskedCode } from '../../platform/errors.ts';
import { limits } from '../../platform/limits.ts';
import { root } from '../../platform/root.ts';
import { brands } from '../../scripts/demo/brands.ts';

const read = (file: string) => readFileSync(join(root, file), 'utf8');

describe('docs/clients.md', () => {
  const page = read('docs/clients.md');
  const graphs = audienceGraphs(read('schema/supergraph.graphql'));
  /** The first cells of the table whose head starts so. */
  const cells = (head: string) =>
    page
      .slice(page.indexOf(head))
      .split('\n\n')[0]!
      .split('\n')
      .slice(2)
      .map((row) => /`(\w+)`/.exec(row)![1]);

  it('lists every code of a refusal', () => {
    const type = graphs.PUBLIC.getType('UserErrorCode');
    const codes = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];

    expect(new Set(cells('| `userErrors.code`'))).toEqual(new Set(codes));
    expect(codes.length).toBeGreaterThan(10);
  });

  it('lists every code of an error', () => {
    expect(new Set(cells('| `extensions.code`'))).toEqual(
      new Set([...clientErrorCodes, maskedCode]),
    );
  });

  it('names the limits as they are', () => {
    expect(page).toContain(`${limits.requestBodyBytes / 1_000} kB, 2,000 tokens`);
    expect(limits.documentTokens).toBe(2_000);
    expect(page).toContain(
      `${limits.documentDepth} levels of fields, ${limits.documentFields} fields`,
    );
    expect(page).toContain(`${limits.answerFields / 1_000},000 fields`);
    expect(page).toContain(`${limits.introspectionDepth} levels`);
    expect(page).toContain(`${limits.pageSizeMax} rows`);
    expect(page).toContain(`${limits.operationMs / 1_000} seconds`);
  });

  it('tells of the demo as it is', () => {
    const shop = brands.find(({ code }) => code === 'SHOP')!;
    const rewards = brands.flatMap((brand) => brand.rewards);
    const [, sku] = /r\.sku === "([\w-]+)"/.exec(page)!;

    expect(page).toContain(`"issuePrice": "${shop.contract.issuePrice}"`);
    expect(page).toContain(`"required": ${rewards.find((each) => each.sku === sku)!.points} }`);
    expect(page).toMatch(new RegExp(`/till\\.ts \\S+ \\S+ \\S+ ${shop.contract.currency}$`, 'm'));
    for (const { name } of shop.rules) expect(page).toContain(`  ${name}\n`);
    for (const { name } of brands) expect(page).toContain(` from ${name}\n`);
  });

  it('asks what the graph of the one who asks has', () => {
    const asked = [...page.matchAll(/ask "\$(ADA|SHOP)" '([^']+)'/g)].map(([, who, query]) => [
      who,
      query,
    ]);
    const paged = /PAGE='([^']+)'/.exec(page)![1]!;

    // The shop's asks for `me` on purpose: it is the public's own null.
    const own = asked.filter(([who]) => who === 'ADA').map(([, query]) => query!);
    expect(own).toHaveLength(4);
    for (const query of [...own, paged]) {
      expect(validate(graphs.MEMBER, parse(query))).toEqual([]);
    }
  });
});

describe('docs/partners.md', () => {
  const page = read('docs/partners.md');
  const graphs = audienceGraphs(read('schema/supergraph.graphql'));
  const named = /`(\w+)`/g;

  it('asks what the graph of the one who asks has', () => {
    const audienceOf = {
      STAFF: 'ADMIN',
      TOKEN: 'PARTNER',
      LIVE: 'PARTNER',
      ADA: 'MEMBER',
    } as const;
    const kept = new Map(
      [...page.matchAll(/^(\w+)='((?:\{ \w|query|mutation)[^']+)'/gm)].map(([, name, text]) => [
        name,
        text,
      ]),
    );
    const asked = [...page.matchAll(/ask "\$(\w+)" (?:"\$(\w+)"|'([^']+)')/g)].map(
      ([, who, name, text]) => ({
        graph: graphs[audienceOf[who as keyof typeof audienceOf]],
        text: text ?? kept.get(name!)!,
      }),
    );

    expect(asked.length).toBeGreaterThan(15);
    for (const { graph, text } of asked) expect(validate(graph, parse(text))).toEqual([]);
  });

  it('names every operation of partners, and no others', () => {
    const mutationsOf = (graph: GraphQLSchema) => Object.keys(graph.getMutationType()!.getFields());
    const everybodys = mutationsOf(graphs.PUBLIC);
    const own = mutationsOf(graphs.PARTNER).filter((name) => !everybodys.includes(name));
    // Of paying with points another page tells.
    const told = new Set(
      [...`${page}\n${read('docs/tills.md')}`.matchAll(named)].map(([, name]) => name),
    );
    const first = [...page.matchAll(/^\| (`[^|]*\(?)\|/gm)].flatMap(([, cell]) => [
      ...cell!.matchAll(named),
    ]);

    expect(own.filter((name) => !told.has(name))).toEqual([]);
    const operations = first.map(([, name]) => name!).filter((name) => /^[a-z]+[A-Z]/.test(name));
    expect(operations.length).toBeGreaterThan(20);
    expect(operations.filter((name) => !own.includes(name))).toEqual([]);
  });

  it('names codes that there are', () => {
    const type = graphs.PARTNER.getType('UserErrorCode');
    const codes = isEnumType(type) ? type.getValues().map(({ name }) => name) : [];
    const table = page.slice(page.indexOf('| operation  ', page.indexOf('## What can be refused')));
    const used = [...table.split('\n\n')[0]!.matchAll(/^\|[^|]*\| `([A-Z_]+)`/gm)].map(
      ([, code]) => code,
    );

    expect(used.length).toBeGreaterThan(20);
    expect(used.filter((code) => !codes.includes(code!))).toEqual([]);
  });

  it('shows the receiver as it is in the example, and the limits as they are', () => {
    const [, shown] = /```ts\n([^]*?)```/.exec(page)!;

    expect(read('examples/client/partner/receiver.ts')).toContain(shown);
    expect(page).toContain(
      `${(limits.partnerRequestsPerMinute / 1_000).toFixed(0)},000 requests a minute`,
    );
    expect(page).toContain(`of ${limits.partnerBodyBytes / 1_000_000} MB each`);
    expect(page).toContain(`Up to ${limits.batchItems} activities`);
  });
});
