import type { GraphQLFormattedError } from 'graphql';
import type { GatewayContext } from '../context.ts';
import type { FieldPath, Place } from './places.ts';
import type { Tree } from './trees.ts';

/** What a client gave for the variables of its operation, as it stands in JSON. */
export type Variables = Readonly<Record<string, unknown>>;

/** One operation that is under way. */
export interface Run {
  readonly variables: Variables;
  readonly context: GatewayContext;
  /** What subgraphs have answered by now, merged. */
  readonly data: Tree;
  /** Whether none of its strings has anything that JSON escapes. */
  isPlain: boolean;
  readonly errors: GraphQLFormattedError[];
  /** The entities that a subgraph did not know, or was not asked for since they lacked what it requires. */
  readonly lacking: Set<Tree>;
}

/** A part of a plan, compiled; a promise only where there is something to wait for. */
export type Step = (run: Run, place: Place) => Promise<void> | undefined;

/** What an answer may hold of errors, and of flaws: one can stand at each row of a list. */
export const errorsMax = 1_000;

export function addError(
  { errors }: Run,
  { message, extensions }: GraphQLFormattedError,
  path: FieldPath,
): void {
  if (errors.length === errorsMax) return;
  errors.push({ message, ...(path.length > 0 && { path }), ...(extensions && { extensions }) });
}

/** What a client has given for a variable; undefined where it gave nothing. */
export function given(variables: Variables, name: string): unknown {
  return Object.hasOwn(variables, name) ? variables[name] : undefined;
}
