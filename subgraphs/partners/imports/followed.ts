import { In } from 'typeorm';
import { isOwn } from '../../../platform/viewer.ts';
import type { Source } from '../../../platform/watches.ts';
import type { SubgraphContext } from '../loaders.ts';
import { ActivityImport } from './entities.ts';
import { findImport } from './starting.ts';

/** How far imports were, in words that differ where they do. */
type Progress = Map<string, string>;

/** Imports, by id, whenever they have come further: what happens between two looks is one event. */
const followedImports: Source<ActivityImport, Progress> = {
  name: 'imports',
  async look(db, ids, before) {
    const found = await db.findBy(ActivityImport, { id: In([...ids]) });
    const state: Progress = new Map(found.map((row) => [row.id, progressOf(row)]));
    const events = found
      .filter(({ id }) => before?.has(id) && before.get(id) !== state.get(id))
      .map((row) => ({ key: row.id, row }));
    return { events, state };
  },
  isLast: ({ finishedAt }) => finishedAt !== null,
};

function progressOf({ status, counted, total, rows }: ActivityImport): string {
  return [status, counted, total, rows].join(' ');
}

/** The import as it is, and as it comes further, to its end; nothing where the caller has no such one. */
export async function followImport(
  importId: string,
  { db, viewer, follow }: Pick<SubgraphContext, 'db' | 'viewer' | 'follow'>,
): Promise<AsyncIterableIterator<ActivityImport>> {
  const isTheirs = (found: ActivityImport | null): found is ActivityImport =>
    found !== null &&
    isOwn(viewer, found.partnerId) &&
    (viewer.audience === 'ADMIN' || found.sandbox === viewer.sandbox);
  if (!isTheirs(await findImport(db, importId))) return nothing();
  const following = await follow(followedImports, importId);
  // Read again: what happened before it was followed is in it.
  following.push((await findImport(db, importId))!);
  return following;
}

async function* nothing(): AsyncGenerator<ActivityImport> {
  // An import that is not there comes no further.
}
