import {
  type GraphQLCompositeType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLSchema,
  astFromValue,
  getNamedType,
  getNullableType,
  isAbstractType,
  isCompositeType,
  isEnumType,
  isInputObjectType,
  isListType,
  isNonNullType,
  isRequiredArgument,
  isRequiredInputField,
  isUnionType,
  print,
} from 'graphql';

/** A whole number from 0 to below n. */
export type Choose = (n: number) => number;

/**
 * What chooses by a list of numbers, and the least once it is used up: a shorter list makes a
 * smaller operation, so that fast-check finds the smallest that fails.
 */
export function chooser(numbers: readonly number[]): Choose {
  let next = 0;
  return (n) => (numbers[next++] ?? 0) % n;
}

export interface RandomOperation {
  document: string;
  variables: Record<string, unknown>;
}

interface Limits {
  /** Fields in each other. */
  depth: number;
  /** Of one selection. */
  fields: number;
  /** Names that fields get now and then, and one name several. */
  aliases: readonly string[];
}

/**
 * Writes an operation of a schema: fields, aliases, arguments, fragments, conditions and variables
 * as chosen. Not each is valid: two fields may want one name.
 */
export function writeOperation(
  schema: GraphQLSchema,
  choose: Choose,
  limits: Limits,
): RandomOperation {
  const kind = schema.getMutationType() && choose(8) === 7 ? 'mutation' : 'query';
  const author = new Author(schema, choose, limits);
  const selection = author.selection(schema.getRootType(kind as never)!, limits.depth);
  const declared = author.declarations.length > 0 ? `(${author.declarations.join(', ')})` : '';
  return {
    document: [`${kind} Asked${declared} ${selection}`, ...author.fragments].join('\n'),
    variables: author.variables,
  };
}

class Author {
  readonly declarations: string[] = [];
  readonly fragments: string[] = [];
  readonly variables: Record<string, unknown> = {};
  readonly #schema: GraphQLSchema;
  readonly #choose: Choose;
  readonly #limits: Limits;
  /** Fragments that can be spread again, by their types. */
  readonly #spreads: { name: string; type: GraphQLCompositeType }[] = [];
  #aliased = 0;

  constructor(schema: GraphQLSchema, choose: Choose, limits: Limits) {
    this.#schema = schema;
    this.#choose = choose;
    this.#limits = limits;
  }

  selection(type: GraphQLCompositeType, depth: number): string {
    const count = 1 + this.#choose(this.#limits.fields);
    const parts = Array.from({ length: count }, () => this.#part(type, depth));
    return `{ ${parts.join(' ')} }`;
  }

  #part(type: GraphQLCompositeType, depth: number): string {
    const kind = this.#choose(isAbstractType(type) ? 12 : 20);
    if (kind === 1) return `${this.#alias(9)}__typename${this.#conditions()}`;
    if (kind === 2) return `...${this.#conditions()} ${this.selection(type, depth)}`;
    if (kind >= 3 && kind <= 7 && isAbstractType(type)) return this.#narrowed(type, depth);
    if (kind === 3 || kind === 4) return this.#named(type, depth);
    return this.#field(type, depth);
  }

  #narrowed(type: GraphQLCompositeType, depth: number): string {
    const types = isAbstractType(type) ? this.#schema.getPossibleTypes(type) : [];
    const interfaces = types.flatMap((each) => each.getInterfaces());
    const narrowed = this.#one([...types, ...interfaces]);
    if (this.#choose(3) === 2) return this.#named(narrowed, depth);
    return `... on ${narrowed.name}${this.#conditions()} ${this.selection(narrowed, depth)}`;
  }

  #named(type: GraphQLCompositeType, depth: number): string {
    const known = this.#spreads.filter((each) => each.type === type);
    let name = known.length > 0 && this.#choose(2) === 1 ? this.#one(known).name : null;
    if (!name) {
      // A fragment is known when it is whole: none may spread itself.
      const selection = this.selection(type, depth);
      name = `F${this.fragments.length}`;
      this.fragments.push(`fragment ${name} on ${type.name} ${selection}`);
      this.#spreads.push({ name, type });
    }
    return `...${name}${this.#conditions()}`;
  }

  #field(type: GraphQLCompositeType, depth: number): string {
    const all = isUnionType(type) ? [] : Object.values(type.getFields());
    const fields =
      depth > 1 ? all : all.filter((each) => !isCompositeType(getNamedType(each.type)));
    if (fields.length === 0) return '__typename';
    const field = this.#one(fields);
    const given = this.#arguments(field);
    // Two fields of one name with other arguments are not valid: most get a name of their own.
    const alias = given ? this.#alias(1) : this.#alias(5);
    const below = getNamedType(field.type);
    const selection = isCompositeType(below) ? ` ${this.selection(below, depth - 1)}` : '';
    return `${alias}${field.name}${given}${this.#conditions()}${selection}`;
  }

  /** One in so many fields gets an alias. */
  #alias(rarity: number): string {
    if (this.#choose(rarity) > 0) return '';
    const name = this.#choose(3) === 2 ? this.#one(this.#limits.aliases) : `x${this.#aliased++}`;
    return `${name}: `;
  }

  #conditions(): string {
    const kind = this.#choose(12);
    if (kind < 10) return '';
    const directive = (name: string) => `@${name}(if: ${this.#boolean(name)})`;
    const own = directive(kind === 10 ? 'skip' : 'include');
    return ` ${own}${this.#choose(6) === 5 ? ` ${directive(kind === 10 ? 'include' : 'skip')}` : ''}`;
  }

  /**
   * The planner forgets a field of which nothing can be left: what is written out excludes nothing,
   * and no variable excludes in one place what it includes in another.
   */
  #boolean(directive: string): string {
    const kind = this.#choose(5);
    if (kind === 0) return `${directive === 'include'}`;
    const known = Object.keys(this.variables).filter((name) => name.startsWith(directive));
    if (kind === 1 && known.length > 0) return `$${this.#one(known)}`;
    const name = `${directive}${this.declarations.length}`;
    const standard = kind === 2 ? ` = ${this.#choose(2) === 1}` : '';
    this.declarations.push(`$${name}: Boolean${standard || '!'}`);
    if (!standard || this.#choose(2) === 1) this.variables[name] = this.#choose(2) === 1;
    return `$${name}`;
  }

  #arguments({ args }: GraphQLField<unknown, unknown>): string {
    const given = args.flatMap((each) => {
      if (!isRequiredArgument(each) && this.#choose(3) > 0) return [];
      const value = this.#value(each.type, 2);
      if (this.#choose(2) === 0) return [`${each.name}: ${print(astFromValue(value, each.type)!)}`];
      const name = `v${this.declarations.length}`;
      this.declarations.push(`$${name}: ${String(each.type)}`);
      if (isNonNullType(each.type) || this.#choose(4) > 0) this.variables[name] = value;
      return [`${each.name}: $${name}`];
    });
    return given.length > 0 ? `(${given.join(', ')})` : '';
  }

  #value(type: GraphQLInputType, depth: number): unknown {
    if (!isNonNullType(type) && this.#choose(8) === 7) return null;
    const own = getNullableType(type);
    if (isListType(own)) {
      return Array.from({ length: this.#choose(3) }, () => this.#value(own.ofType, depth));
    }
    if (isEnumType(own)) return this.#one(own.getValues()).name;
    if (isInputObjectType(own)) {
      const fields = Object.values(own.getFields()).filter(
        (each) => isRequiredInputField(each) || (depth > 0 && this.#choose(3) === 0),
      );
      return Object.fromEntries(
        fields.map((each) => [each.name, this.#value(each.type, depth - 1)]),
      );
    }
    if (own.name === 'Int') return this.#choose(100);
    if (own.name === 'Float') return this.#choose(100) / 4;
    if (own.name === 'Boolean') return this.#choose(2) === 1;
    return `"${this.#choose(10)}`;
  }

  #one<Item>(items: readonly Item[]): Item {
    return items[this.#choose(items.length)]!;
  }
}
