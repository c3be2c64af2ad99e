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
  operationName?: string;
}

/** What prepares operations before anybody asks for them. */
export interface Warming {
  /** Begins with these; what was begun before is left. */
  start(expected: Iterable<Expected>): void;
  stop(): void;
}

/** Prepares operations one after the other, and lets others in between. */
export function openWarming(
  executor: Pick<Executor, 'schema' | 'operations'>,
  limits: Limits,
  log: Logger,
): Warming {
  let underWay = 0;

  async function prepareAll(expected: readonly Expected[]): Promise<void> {
    const own = ++underWay;
    let prepared = 0;
    for (const each of expected) {
      try {
        // In order: planning is work for one.
        // oxlint-disable-next-line no-await-in-loop
        for (const { document, name } of readOperations(each, executor, limits)) {
          // oxlint-disable-next-line no-await-in-loop
          await setImmediate();
          if (own !== underWay) return;
          // oxlint-disable-next-line no-await-in-loop
          await executor.operations.prepare(each.source, name, document);
          prepared++;
        }
      } catch (error) {
        const reason = (error as Error).message;
        log.warn({ documentId: idOf(each.source), reason }, 'operation not prepared');
      }
    }
    if (prepared > 0) log.info({ prepared }, 'operations prepared');
  }

  return {
    start: (expected) => void prepareAll([...expected].slice(0, limits.warmedOperations)),
    stop: () => void underWay++,
  };
}

/**
 * The operations of a document that can be prepared: checked as the GraphQL server checks them, since
 * a prepared one is not checked again.
 *
 * @throws Error why the document cannot be asked for
 */
function readOperations(
  { source, operationName }: Expected,
  { schema, operations }: Pick<Executor, 'schema' | 'operations'>,
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
      const isFit = openCostCheck({ schema, document, operation, limits })({}) !== null;
      return isFit && !operations.known(source, name);
    })
    .map(({ name }) => ({ document, name }));
}
