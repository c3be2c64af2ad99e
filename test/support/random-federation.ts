import {
  type DocumentNode,
  type GraphQLResolveInfo,
  OverlappingFieldsCanBeMergedRule,
  specifiedRules,
} from 'graphql';
import type { Federation, Row, Rows } from './federation.ts';
import { type Fates, type Imagined, imagineRows, keyedTypes } from './imagined-rows.ts';
import { isNightly } from './nightly.ts';

/** A federation whose data is imagined anew as often as wanted. */
export interface RandomFederation extends Federation {
  /** Imagines all data; the same seed makes the same. */
  imagine: (fates: Fates) => void;
}

/** Worlds that are kept: to imagine one takes as long as to ask it something. */
const worldsMax = 100;

/**
 * Opens subgraphs over imagined rows, but for what the resolvers make of them.
 *
 * @param documents the SDL of all of them
 */
export function openRandom(
  documents: readonly DocumentNode[],
  open: (world: Rows) => Federation,
  resolvers: Rows['resolvers'] = {},
): RandomFederation {
  const keyed = keyedTypes(documents);
  const rows: Row[] = [];
  const worlds = new Map<string, Imagined>();
  let imagined: Imagined | undefined;
  const resolve = (given: object, _: unknown, { parentType, fieldName }: GraphQLResolveInfo) => {
    const type = [graph.schema.getQueryType(), graph.schema.getMutationType()].find(
      (each) => each?.name === parentType.name,
    );
    return imagined?.root(type!.getFields()[fieldName]!, given);
  };
  // Fields of the roots have no row: whichever is read, it answers by its name.
  const root = new Proxy({}, { get: () => resolve });
  // What is written at random breaks no other rule, and the rest take a tenth of the time.
  const rules = isNightly ? specifiedRules : [OverlappingFieldsCanBeMergedRule];
  const graph = open({ rows, resolvers, root, rules });
  return Object.assign(graph, {
    imagine(fates: Fates) {
      const key = `${fates.seed} ${fates.nulls} ${fates.faults}`;
      if (worlds.size === worldsMax) worlds.clear();
      imagined = worlds.get(key) ?? imagineRows(graph.schema, keyed, fates);
      worlds.set(key, imagined);
      rows.splice(0, rows.length, ...imagined.rows);
    },
  });
}
