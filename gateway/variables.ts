import { type GraphQLSchema, type OperationDefinitionNode, getVariableValues } from 'graphql';

/** Mistakes in variables that a client is told of at once: each takes time, and quotes what was sent. */
const mistakesMax = 10;

/** Reads the variables of an operation; what is wrong with them names nothing that was not asked for. */
export function readVariables(
  schema: GraphQLSchema,
  { variableDefinitions }: OperationDefinitionNode,
  given: Readonly<Record<string, unknown>>,
): ReturnType<typeof getVariableValues> {
  const options = { maxErrors: mistakesMax, hideSuggestions: true };
  return getVariableValues(schema, variableDefinitions ?? [], given, options);
}
