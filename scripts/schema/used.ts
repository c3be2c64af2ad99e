import {
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLInputType,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  TypeInfo,
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  visit,
  visitWithTypeInfo,
} from 'graphql';

/**
 * What operations use of a schema, as coordinates (`Type`, `Type.field`, `Type.field.argument`,
 * `Enum.VALUE`). Of an input's type all is used: what a client puts in a variable is not known.
 */
export function usedBy(
  documents: readonly DocumentNode[],
  schema: GraphQLSchema,
): ReadonlySet<string> {
  const used = new Set<string>();

  function useInput(type: GraphQLInputType): void {
    const named = getNamedType(type);
    if (used.has(named.name)) return;
    useNamed(named);
    if (!isInputObjectType(named)) return;
    for (const field of Object.values(named.getFields())) {
      used.add(`${named.name}.${field.name}`);
      useInput(field.type);
    }
  }

  function useNamed(type: GraphQLNamedType): void {
    used.add(type.name);
    if (isEnumType(type)) for (const { name } of type.getValues()) used.add(`${type.name}.${name}`);
  }

  for (const document of documents) {
    const info = new TypeInfo(schema);
    visit(
      document,
      visitWithTypeInfo(info, {
        Field() {
          const [parent, field] = [info.getParentType(), info.getFieldDef()];
          if (!parent || !field) return;
          // A field of an interface is one of each type that has it.
          for (const { name } of [parent, ...typesOf(parent, schema)]) {
            used.add(name);
            used.add(`${name}.${field.name}`);
          }
          useNamed(getNamedType(field.type));
        },
        Argument() {
          const [parent, field, argument] = [
            info.getParentType(),
            info.getFieldDef(),
            info.getArgument(),
          ];
          if (!parent || !field || !argument) return;
          for (const { name } of [parent, ...typesOf(parent, schema)]) {
            used.add(`${name}.${field.name}.${argument.name}`);
          }
          useInput(argument.type);
        },
        VariableDefinition() {
          const type = info.getInputType();
          if (type) useInput(type);
        },
      }),
    );
  }
  return used;
}

function typesOf(type: GraphQLCompositeType, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  return isInterfaceType(type) ? schema.getPossibleTypes(type) : [];
}
