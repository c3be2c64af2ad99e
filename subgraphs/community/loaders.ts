import DataLoader from 'dataloader';
import type { Context } from '../../platform/context.ts';
import type { Database } from '../../platform/database.ts';
import { listLoader, rowLoader } from '../../platform/loaders.ts';
import type { Page } from '../../platform/paging.ts';
import { Post, Review } from './entities.ts';
import { postsOf } from './posts.ts';
import { reviewsOf, summariesOf } from './reviews.ts';
import type { ReviewsBy } from './rows.ts';

export type SubgraphContext = Context & { loaders: ReturnType<typeof createLoaders> };

export function createLoaders({ db }: Context) {
  return {
    post: rowLoader(db, Post),
    postsOf: listLoader(
      (memberIds, page: Page) => postsOf(db, memberIds, page),
      ({ memberId }) => memberId,
    ),
    review: rowLoader(db, Review),
    reviewsBy: {
      memberId: reviewsBy(db, 'memberId'),
      aboutRewardId: reviewsBy(db, 'aboutRewardId'),
      aboutPartnerId: reviewsBy(db, 'aboutPartnerId'),
    },
  };
}

/** The reviews of many, and what they come to. */
function reviewsBy(db: Database, by: ReviewsBy) {
  return {
    list: listLoader(
      (ids, page: Page) => reviewsOf(db, by, ids, page),
      (review) => review[by]!,
    ),
    summary: new DataLoader((ids: readonly string[]) => summariesOf(db, by, ids)),
  };
}
