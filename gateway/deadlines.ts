import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, OperationTypeNode } from 'graphql';
import type { Limits } from '../platform/limits.ts';
import type { GatewayContext } from './context.ts';

/** What is done while the caller waits, however much there is of it: alone in its operation. */
const longField = 'closeSettlementMonth';

/** Gives an operation its time that is known to take longer than others. */
export function longOperations({ settlementMs }: Limits): ApolloServerPlugin<GatewayContext> {
  return {
    requestDidStart: () =>
      Promise.resolve({
        didResolveOperation({ operation, contextValue }) {
          const [only, ...others] = operation?.selectionSet.selections ?? [];
          const isLong =
            operation?.operation === OperationTypeNode.MUTATION &&
            contextValue.viewer.audience === 'ADMIN' &&
            only?.kind === Kind.FIELD &&
            only.name.value === longField;
          if (isLong && others.length === 0) {
            contextValue.deadline = performance.now() + settlementMs;
            contextValue.callMs = settlementMs;
          }
          return Promise.resolve();
        },
      }),
  };
}
