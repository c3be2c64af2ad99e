import {
  type ConstDirectiveNode,
  type DocumentNode,
  type FieldDefinitionNode,
  Kind,
  type ObjectTypeDefinitionNode,
  type TypeNode,
  print,
} from 'graphql';

/** Where rules stand: on a type, or on one of its fields. */
export interface Place {
  type: string;
  field: string | null;
}

/** One rule of the SDL, of those at its place. */
export interface Rule extends Place {
  index: number;
  given: string[];
}

type Marked = ObjectTypeDefinitionNode | FieldDefinitionNode;

/** The types of an SDL that have fields of their own, in its order. */
export function typesOf({ definitions }: DocumentNode): ObjectTypeDefinitionNode[] {
  return definitions.flatMap((node) => (node.kind === Kind.OBJECT_TYPE_DEFINITION ? [node] : []));
}

/** Its fields without those that are between the gateway and subgraphs. */
export function openFieldsOf({ fields = [] }: ObjectTypeDefinitionNode): FieldDefinitionNode[] {
  return fields.filter(({ directives = [] }) =>
    directives.every(({ name }) => name.value !== 'inaccessible'),
  );
}

export function nameOf(type: TypeNode): string {
  return type.kind === Kind.NAMED_TYPE ? type.name.value : nameOf(type.type);
}

export const isRoot = (type: string) => ['Query', 'Mutation', 'Subscription'].includes(type);

function rulesAt(node: Marked): ConstDirectiveNode[] {
  return (node.directives ?? []).filter(({ name }) => name.value === 'access');
}

/** The rules at a place, as they are written: "MEMBER, ADMIN | PARTNER: BALANCES_READ, READ_BALANCE". */
export function writtenAt(node: Marked): string {
  return rulesAt(node)
    .map(({ arguments: given = [] }) => {
      const [to, ...more] = given.map(({ value }) => print(value).replaceAll(/[[\]]/g, ''));
      return more.length > 0 ? `${to}: ${more.join(', ')}` : to;
    })
    .join(' | ');
}

/** The audiences that the rules at a place name. */
export function audiencesAt(node: Marked): string[] {
  return rulesAt(node).flatMap(({ arguments: given = [] }) =>
    given.flatMap(({ value }) =>
      value.kind === Kind.LIST
        ? value.values.flatMap((each) => (each.kind === Kind.ENUM ? each.value : []))
        : [],
    ),
  );
}

export function isMarked(node: Marked): boolean {
  return rulesAt(node).length > 0;
}

/** Each rule of an SDL. */
export function rulesOf(sdl: DocumentNode): Rule[] {
  return typesOf(sdl).flatMap((type) => {
    const at = (field: string | null, node: Marked) =>
      rulesAt(node).map(({ arguments: given = [] }, index) => {
        return { type: type.name.value, field, index, given: given.map(({ name }) => name.value) };
      });
    return [
      ...at(null, type),
      ...(type.fields ?? []).flatMap((field) => at(field.name.value, field)),
    ];
  });
}

/** The SDL without the rule; or, where an argument is named, with the rule but without that. */
export function without(sdl: DocumentNode, rule: Rule, argument: string | null): DocumentNode {
  const change = <Node extends Marked>(node: Node): Node => {
    const gone = rulesAt(node)[rule.index]!;
    const directives = node.directives!.flatMap((directive) => {
      if (directive !== gone) return [directive];
      if (argument === null) return [];
      const left = directive.arguments!.filter(({ name }) => name.value !== argument);
      return [{ ...directive, arguments: left }];
    });
    return { ...node, directives };
  };
  const definitions = sdl.definitions.map((node) => {
    if (node.kind !== Kind.OBJECT_TYPE_DEFINITION || node.name.value !== rule.type) return node;
    if (rule.field === null) return change(node);
    const fields = node.fields!.map((field) =>
      field.name.value === rule.field ? change(field) : field,
    );
    return { ...node, fields };
  });
  return { ...sdl, definitions };
}

/** Whether the rows of a type are guarded by it besides: then the field's own rule alone changes nothing. */
export function isKeptByItsType(sdl: DocumentNode, { type, field }: Place): boolean {
  const types = new Map(typesOf(sdl).map((node) => [node.name.value, node]));
  if (field === null || isRoot(type)) return false;
  const leads = types.get(type)!.fields!.find(({ name }) => name.value === field)!.type;
  if (leads.kind === Kind.LIST_TYPE) return false;
  const target = types.get(nameOf(leads));
  return target !== undefined && isMarked(target);
}

/** All marked places of an SDL, with their nodes. */
export function marksOf(sdl: DocumentNode): [Place, Marked][] {
  return typesOf(sdl).flatMap((node) => {
    const type = node.name.value;
    const places: [Place, Marked][] = node.fields!.map((field) => [
      { type, field: field.name.value },
      field,
    ]);
    places.unshift([{ type, field: null }, node]);
    return places.filter(([, each]) => isMarked(each));
  });
}
