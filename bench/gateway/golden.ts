import { Supergraph } from '@apollo/federation-internals';
import { type ExecutionResult, execute, parse, validate } from 'graphql';
import { isDeepStrictEqual } from 'node:util';
import { resolveFixed } from './fixed-data.ts';
import { readSupergraph } from './given.ts';
import { ask, requestOf } from './load.ts';
import { queries } from './queries.ts';

/** What each query is to be answered with: the graph as one schema, executed whole by graphql-js. */
export async function goldenAnswers(): Promise<ReadonlyMap<string, ExecutionResult>> {
  const schema = Supergraph.build(readSupergraph()).apiSchema().toGraphQLJSSchema();
  const golden = new Map<string, ExecutionResult>();
  for (const [name, { query, variables }] of Object.entries(queries)) {
    const document = parse(query);
    const [invalid] = validate(schema, document);
    if (invalid) throw invalid;
    const result = await execute({
      schema,
      document,
      variableValues: { ...variables },
      fieldResolver: resolveFixed,
    });
    golden.set(name, JSON.parse(JSON.stringify(result)) as ExecutionResult);
  }
  return golden;
}

/**
 * Asks a gateway twice: when a query is new to it, and when it is not.
 *
 * @returns how long its answer is
 * @throws Error it is another than the golden one
 */
export async function checkAnswer(
  port: number,
  name: string,
  golden: ExecutionResult,
): Promise<number> {
  const request = requestOf(queries[name]!);
  await ask(port, request);
  const { head, body } = await ask(port, request);
  const answer: unknown = JSON.parse(body.toString());
  if (!isDeepStrictEqual(answer, golden)) {
    throw new Error(`${head}\n${body.toString().slice(0, 1_000)}`);
  }
  return body.length;
}
