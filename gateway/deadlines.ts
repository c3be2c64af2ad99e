import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, type OperationDefinitionNode, OperationTypeNode } from 'graphql';
import type { Limits } from '../platform/limits.ts';
import type { GatewayContext } from './context.ts';

/** What is done while the caller waits, however much there is of it: alone in its operation. */
const longField = 'closeSettlementMonth';

/** Gives an operation its time that is known to take longer than others. */
export function longOperations(limits: Limits): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, contextValue }) {
          if (operation) giveTime(operation, contextValue, limits);
          return Promise.resolve();
        },
      }),
  };
}

/** Moves the deadline of an operation that may take long. */
export function giveTime(
  { operation, selectionSet }: OperationDefinitionNode,
  context: GatewayContext,
  { settlementMs }: Limits,
): void {
  const [only, ...others] = selectionSet.selections;
  const isLong =
    operation === OperationTypeNode.MUTATION &&
    context.viewer.audience === 'ADMIN' &&
    only?.kind === Kind.FIELD &&
    only.name.value === longField;
  if (!isLong || others.length > 0) return;
  context.deadline = performance.now() + settlementMs;
  context.callMs = settlementMs;
}
