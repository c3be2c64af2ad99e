import {
  type DocumentNode,
  Kind,
  type OperationDefinitionNode,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
} from 'graphql';
import { setImmediate } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Limits } from '../platform/limits.ts';
import { refusalOfDocument } from './document-limits.ts';
import { idOf } from './documents/manifest.ts';
import type { Executor } from './executor.ts';
import { ownRules } from './graphql.ts';
import { isIntrospection } from './introspection.ts';
import { openCostCheck } from './limits.ts';

/** An operation that is likely to be asked for. */
interface Expected {
  source: string;
  /** As requests give it; where it is left out, all operations of the document are meant. */
  operationName?: string | undefined;
  /** Whether it was asked for: what it costs, with variables, is looked at for each request. */
  isAsked?: true;
}

/** What they are prepared on. */
type Prepares = Pick<Executor, 'schema' | 'operations'>;

/** What prepares operations before anybody asks for them. */
export interface Warming {
  /** Begins with these; what was begun before is left. */
  start(expected: Iterable<Expected>): void;
  stop(): void;
}

/** Opens what prepares operations in the background. */
export function openWarming(executor: Prepares, limits: Limits, log: Logger): Warming {
  let underWay = 0;

  async function prepare(expected: Iterable<Expected>): Promise<void> {
    const own = ++underWay;
    const prepared = await prepareAll(expected, executor, {
      limits,
      goesOn: () => own === underWay,
      refused(source, { message: reason }) {
        log.warn({ documentId: idOf(source), reason }, 'operation not prepared');
      },
    });
    if (prepared > 0) log.info({ prepared }, 'operations prepared');
  }

  return {
    start: (expected) => void prepare(expected),
    stop: () => void underWay++,
  };
}

interface Preparing {
  limits: Limits;
  /** Whether it is still of use. */
  goesOn: () => boolean;
  /** Called for each that cannot be prepared. */
  refused: (source: string, reason: Error) => void;
}

/**
 * Prepares operations one after the other, and lets others in between; at most
 * `limits.warmedOperations` of those that are expected. @returns how many it has
 */
export async function prepareAll(
  expected: Iterable<Expected>,
  on: Prepares,
  { limits, goesOn, refused }: Preparing,
): Promise<number> {
  let prepared = 0;
  for (const each of [...expected].slice(0, limits.warmedOperations)) {
    try {
      // In order: planning is work for one.
      // oxlint-disable-next-line no-await-in-loop
      for (const { document, name } of readOperations(each, on, limits)) {
        // oxlint-disable-next-line no-await-in-loop
        await setImmediate();
        if (!goesOn()) return prepared;
        // oxlint-disable-next-line no-await-in-loop
        await on.operations.prepare(each.source, name, document);
        prepared++;
      }
    } catch (error) {
      refused(each.source, error as Error);
    }
  }
  return prepared;
}

/**
 * The operations of a document that can be prepared: checked as the GraphQL server checks them, since
 * a prepared one is not checked again.
 *
 * @throws Error why the document cannot be asked for
 */
function readOperations(
  { source, operationName, isAsked }: Expected,
  { schema, operations }: Prepares,
  limits: Limits,
): { document: DocumentNode; name: string | undefined }[] {
  const refused = refusalOfDocument(source, limits);
  if (refused) throw new Error(refused);
  const document = parse(source, { maxTokens: limits.documentTokens });
  const [error] = validate(schema, document, [...specifiedRules, ...ownRules]);
  if (error) throw error;
  const all = document.definitions.filter(
    (node): node is OperationDefinitionNode => node.kind === Kind.OPERATION_DEFINITION,
  );
  return all
    .filter(({ name }) => operationName === undefined || name?.value === operationName)
    .map((operation) => ({
      operation,
      name: operationName ?? (all.length > 1 ? operation.name?.value : undefined),
    }))
    .filter(({ operation, name }) => {
      const { operation: kind } = operation;
      if (kind === OperationTypeNode.SUBSCRIPTION || isIntrospection(document, operation))
        return false;
      if (operations.known(source, name)) return false;
      return isAsked ?? openCostCheck({ schema, document, operation, limits })({}) !== null;
    })
    .map(({ name }) => ({ document, name }));
}
