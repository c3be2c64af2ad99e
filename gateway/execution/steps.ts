import type { ConditionNode, PlanNode } from '@apollo/query-planner';
import type { OperationDefinitionNode } from 'graphql';
import { type FetchParts, compileFetch } from './fetches.ts';
import { enter } from './places.ts';
import type { Run, Step } from './run.ts';
import { readCondition } from './selections.ts';

export interface PlanParts extends FetchParts {
  operation: OperationDefinitionNode;
}

/** Compiles a plan's node, and the nodes below it, to what runs them. */
export function compileStep(node: PlanNode, parts: PlanParts): Step {
  switch (node.kind) {
    case 'Fetch':
      return compileFetch(node, parts);
    case 'Flatten': {
      const step = compileStep(node.node, parts);
      const path = node.path.map(String);
      return (run, place) => {
        const entered = enter(place, path);
        return entered.found.length > 0 ? step(run, entered) : undefined;
      };
    }
    case 'Sequence':
      return inSeries(node.nodes.map((each) => compileStep(each, parts)));
    case 'Parallel':
      return atOnce(node.nodes.map((each) => compileStep(each, parts)));
    case 'Condition':
      return compileCondition(node, parts);
    case 'Defer':
      // The planner plans none unless it is asked to.
      throw new Error('There is no @defer here.');
  }
}

function inSeries(steps: readonly Step[]): Step {
  return async (run, place) => {
    // One waits for the other: what it asks for depends on it, or a client counts on the order.
    // oxlint-disable-next-line no-await-in-loop
    for (const step of steps) await step(run, place);
  };
}

function atOnce(steps: readonly Step[]): Step {
  return (run, place) => {
    const waiting = steps.map((step) => step(run, place)).filter((each) => each !== undefined);
    return waiting.length > 0 ? Promise.all(waiting).then(nothing) : undefined;
  };
}

function nothing(): void {}

function compileCondition(node: ConditionNode, parts: PlanParts): Step {
  const compile = (clause?: PlanNode) => (clause ? compileStep(clause, parts) : null);
  const [then, otherwise] = [compile(node.ifClause), compile(node.elseClause)];
  return (run: Run, place) => {
    const step = readCondition(parts.operation, node.condition, run.variables) ? then : otherwise;
    return step?.(run, place);
  };
}
