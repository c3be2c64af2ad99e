/** A subgraph of many rooms: each has its part of the resolvers and of the access map, joined here. */
import type { AccessMap } from './access.ts';

/**
 * The fields of all rooms, by type.
 *
 * @throws Error where two rooms resolve the same field
 */
export function joinResolvers<Resolvers extends object>(rooms: Resolvers[]): Resolvers {
  const joined: Record<string, Record<string, unknown>> = {};
  for (const room of rooms) {
    for (const [type, fields] of Object.entries(room) as [string, Record<string, unknown>][]) {
      const known = (joined[type] ??= {});
      for (const [field, resolve] of Object.entries(fields)) {
        if (field in known) throw new Error(`Two rooms resolve ${type}.${field}.`);
        known[field] = resolve;
      }
    }
  }
  return joined as Resolvers;
}

/** Whose the rows of all rooms are. */
export function joinAccess(rooms: AccessMap[]): AccessMap {
  return {
    owners: Object.assign({}, ...rooms.map(({ owners }) => owners)) as AccessMap['owners'],
    publicEntities: rooms.flatMap(({ publicEntities }) => publicEntities),
  };
}
