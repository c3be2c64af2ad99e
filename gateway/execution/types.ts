import { type GraphQLSchema, isAbstractType, isInterfaceType, isObjectType } from 'graphql';

/** Whether what has one type has the other as well; false for a name that the schema does not know. */
export function isOfType(schema: GraphQLSchema, typename: string, condition: string): boolean {
  if (typename === condition) return true;
  const type = schema.getType(typename);
  const wanted = schema.getType(condition);
  return (
    (isObjectType(type) || isInterfaceType(type)) &&
    isAbstractType(wanted) &&
    schema.isSubType(wanted, type)
  );
}
