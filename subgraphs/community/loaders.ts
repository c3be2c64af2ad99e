import type { Context } from '../../platform/context.ts';
import { listLoader, rowLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { Post } from './entities.ts';
import { postsOf } from './posts.ts';

export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

export function createLoaders({ db }: Context) {
  return {
    post: rowLoader(db, Post),
    postsOf: listLoader(
      (memberIds, page: Page) => postsOf(db, memberIds, page),
      ({ memberId }) => memberId,
    ),
  };
}
