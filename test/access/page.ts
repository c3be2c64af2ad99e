import {
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
} from 'graphql';
import type { Cell } from './asking.ts';
import type { Caller } from './callers.ts';
import { type Question, isKeyed } from './questions.ts';
import { isMarked, isRoot, nameOf, typesOf, writtenAt } from './rules.ts';

/** What was asked of a subgraph, and what each caller got. */
export interface Measured {
  sdl: DocumentNode;
  questions: Question[];
  cells: Cell[][];
}

const width = 46;

const head = `Who sees what: each operation, type and field of the graph, by who calls.

Written from schema/ and from what the subgraphs answer; test/access/matrix.test.ts compares it. After a change
that is meant, write it anew and review what has changed: UPDATE_MATRIX=1 npm test -- matrix

  +  answered: a row, a list with something in it, an event, or a mutation that was let through to its rules
  o  answered with an empty list
  .  answered with null, without an error; told nothing
  x  refused: UNAUTHENTICATED without a token, FORBIDDEN with one
  !  refused for its argument, which is for others

A line shows an operation, a type, or below it a field that not all see who see the type; then who gets it, then its
rules as schema/ has them. Behind a type stand its other fields: they are seen by who sees it. A type with neither
rules nor a key is seen by who sees a field that leads to it. Rows are asked for by themselves: an operation that
leads to them may keep them back besides. "By reference" is asked as other subgraphs ask.

What is asked for is a member's, at a partner. Who calls:
`;

/** The whole matrix, as it is kept. */
export function written(all: Map<string, Measured>, callers: Caller[][]): string {
  const who = callers.flat().map((caller) => `  ${caller.letter}  ${caller.who}`);
  const letters = callers.map((group) => group.map(({ letter }) => letter).join('')).join(' ');
  const parts = [...all].flatMap(([name, measured]) => [
    '',
    `${`==== ${name} `.padEnd(width, '=')} ${letters}`,
    ...linesOf(measured, callers),
  ]);
  return `${[head.trimEnd(), ...who, ...parts].join('\n')}\n`;
}

function linesOf(measured: Measured, callers: Caller[][]): string[] {
  const seen = seenBy(measured, callers.flat().length);
  const line = (label: string, cells: Cell[], rest: string) =>
    `${label.padEnd(width)} ${grouped(cells, callers)}  ${rest}`.trimEnd();
  const asked = (type: string, field: string | null) =>
    measured.questions.flatMap((question, index) =>
      question.type === type && question.field === field
        ? [{ ...question, cells: measured.cells[index]! }]
        : [],
    );
  return ownTypesOf(measured.sdl).flatMap((type) => {
    const name = type.name.value;
    const fields = type.fields!;
    const isListed = (field: FieldDefinitionNode) => asked(name, field.name.value).length > 0;
    const others = fields.filter((field) => !isListed(field)).map((field) => field.name.value);
    const rules = isMarked(type) ? `[${writtenAt(type)}] ` : '';
    return [
      '',
      isRoot(name) ? name : line(name, seen.get(name)!, `${rules}${others.join(' ')}`),
      ...asked(name, null)
        .filter(({ way }) => way !== '')
        .map(({ way, cells }) => line(`  ${way}`, cells, '')),
      ...fields.filter(isListed).flatMap((field) =>
        asked(name, field.name.value).map(({ way, cells }) => {
          const label = `  ${field.name.value}${way && ` (${way})`}`;
          return line(label, cells, isMarked(field) ? `[${writtenAt(field)}]` : '');
        }),
      ),
    ];
  });
}

/** What all subgraphs share shows nothing by itself, and stubs are their owner's to show. */
export const shared: ReadonlySet<string> = new Set([
  'Money',
  'UserError',
  'ErrorDetails',
  'PageInfo',
  'Period',
]);

function ownTypesOf(sdl: DocumentNode): ObjectTypeDefinitionNode[] {
  return typesOf(sdl).filter((type) => {
    const isStub = !isKeyed(type) && type.directives!.some(({ name }) => name.value === 'key');
    return !shared.has(type.name.value) && !isStub;
  });
}

/** Who sees each type: as it was asked, and for a type without rules and key by what leads to it. */
function seenBy({ sdl, questions, cells }: Measured, count: number): Map<string, Cell[]> {
  const asked = (type: string, field: string | null) =>
    cells.filter(
      (_, index) => questions[index]!.type === type && questions[index]!.field === field,
    );
  const seen = new Map<string, Cell[]>();
  const types = ownTypesOf(sdl);
  for (const { name } of types) {
    const [own] = asked(name.value, null);
    seen.set(name.value, own ?? Array<Cell>(count).fill(isRoot(name.value) ? '+' : '.'));
  }
  const unions = new Map(
    sdl.definitions.flatMap((node) =>
      node.kind === Kind.UNION_TYPE_DEFINITION
        ? [[node.name.value, node.types!.map(({ name }) => name.value)] as const]
        : [],
    ),
  );
  const leading = types.flatMap((type) =>
    type.fields!.flatMap((field) => {
      const ways = asked(type.name.value, field.name.value);
      const to = nameOf(field.type);
      return (unions.get(to) ?? [to]).map((each) => ({ from: type.name.value, to: each, ways }));
    }),
  );
  let changed = true;
  while (changed) {
    changed = false;
    for (const { from, to, ways } of leading) {
      const reached = seen.get(to);
      if (!reached || asked(to, null).length > 0) continue;
      for (let caller = 0; caller < count; caller += 1) {
        const leads =
          ways.length === 0 || ways.some((way) => way[caller] === '+' || way[caller] === 'o');
        if (seen.get(from)![caller] !== '+' || !leads || reached[caller] === '+') continue;
        reached[caller] = '+';
        changed = true;
      }
    }
  }
  return seen;
}

function grouped(cells: Cell[], callers: Caller[][]): string {
  let from = 0;
  return callers
    .map((group) => {
      from += group.length;
      return cells.slice(from - group.length, from).join('');
    })
    .join(' ');
}
