import {
  type DocumentNode,
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  isObjectType,
  isUnionType,
} from 'graphql';
import { type Arguments, calling } from './questions.ts';
import { openFieldsOf, typesOf } from './rules.ts';

/** A selection of all fields of a type; below them, of each type once, where it is nearest. */
interface Branch {
  type: GraphQLObjectType;
  fields: Map<string, { text: string; branch: Branch | null }>;
}

/** An operation that reads as much as one field of `Query` leads to. */
export class Breadth {
  readonly #field: GraphQLField<unknown, unknown>;
  readonly #given: Arguments;
  readonly #branch: Branch | null;

  /**
   * @param sdl whose fields are read: those of other subgraphs are left out
   * @param known types below which nothing more is asked for
   */
  constructor(
    schema: GraphQLSchema,
    sdl: DocumentNode,
    { field, given, known = new Set() }: { field: string; given: Arguments; known?: Set<string> },
  ) {
    this.#field = schema.getQueryType()!.getFields()[field]!;
    this.#given = given;
    const type = getNamedType(this.#field.type);
    this.#branch = isObjectType(type) ? grown(type, sdl, known) : null;
  }

  get query(): string {
    const inside = this.#branch ? printed(this.#branch) : '';
    return `{ ${calling(this.#field, this.#given)} ${inside} }`;
  }

  /** `Type.field` for all that it asks for. */
  get fields(): string[] {
    const all: string[] = [`Query.${this.#field.name}`];
    const visit = (branch: Branch | null): void => {
      for (const [name, next] of branch?.fields ?? []) {
        all.push(`${branch!.type.name}.${name}`);
        visit(next.branch);
      }
    };
    visit(this.#branch);
    return all;
  }

  /** `Type.field` for all that the answer has been asked for on something that is there. */
  readIn(data: Record<string, unknown>): string[] {
    const read: string[] = [`Query.${this.#field.name}`];
    const visit = (value: unknown, branch: Branch | null): void => {
      if (Array.isArray(value)) for (const each of value) visit(each, branch);
      else if (value && branch) {
        for (const [name, next] of branch.fields) {
          read.push(`${branch.type.name}.${name}`);
          visit((value as Record<string, unknown>)[name], next.branch);
        }
      }
    };
    visit(data[this.#field.name], this.#branch);
    return read;
  }
}

function grown(type: GraphQLObjectType, sdl: DocumentNode, known: Set<string>): Branch {
  const own = new Map(typesOf(sdl).map((type) => [type.name.value, openFieldsOf(type)]));
  const root: Branch = { type, fields: new Map() };
  const met = new Set([...known, type.name]);
  // In this order, each type is met where it is nearest.
  const branches = [root];
  for (const branch of branches) {
    const fields = branch.type.getFields();
    for (const { name } of own.get(branch.type.name) ?? []) {
      const field = fields[name.value]!;
      const to = getNamedType(field.type);
      const next = isObjectType(to) ? { type: to, fields: new Map() } : null;
      const inside = isUnionType(to) ? ' { __typename }' : '';
      branch.fields.set(name.value, { text: calling(field) + inside, branch: next });
      if (!next || met.has(to.name)) continue;
      met.add(to.name);
      branches.push(next);
    }
  }
  return root;
}

function printed({ fields }: Branch): string {
  const inside = [...fields.values()].map(({ text, branch }) =>
    branch ? `${text} ${printed(branch)}` : text,
  );
  return `{ ${inside.join(' ') || '__typename'} }`;
}
