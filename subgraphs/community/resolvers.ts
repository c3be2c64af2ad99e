import { orUserErrors } from '../../platform/errors.ts';
import { type PageRequest, newestConnection, readNewestPage } from '../../platform/paging.ts';
import { requireMember } from '../../platform/viewer.ts';
import type { Post } from './entities.ts';
import type { SubgraphContext } from './loaders.ts';
import { createPost, findPost, listPosts } from './posts.ts';
import { deleteReview, findReview, reviewPartner, reviewReward } from './reviews.ts';
import type { ReviewConnection, ReviewsBy } from './rows.ts';
import type { Resolvers } from './types.generated.ts';

export const resolvers: Resolvers = {
  Query: {
    feed: async (_, { topic, kind, ...asked }, { db, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await listPosts(db, { topic, kind }, page), page);
    },
    post: (_, { id }, { db }) => findPost(db, id),
    review: (_, { id }, { db }) => findReview(db, id),
  },

  Mutation: {
    createPost: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('post', () => createPost(db, input, { memberId: requireMember(viewer), clock })),
    reviewReward: (_, asked, { db, viewer, clock }) =>
      orUserErrors('review', () =>
        reviewReward(db, asked, { memberId: requireMember(viewer), clock }),
      ),
    reviewPartner: (_, asked, { db, viewer, clock }) =>
      orUserErrors('review', () =>
        reviewPartner(db, asked, { memberId: requireMember(viewer), clock }),
      ),
    deleteReview: (_, { id }, { db, viewer, clock }) =>
      orUserErrors('review', () => deleteReview(db, id, { viewer, clock })),
  },

  Post: {
    __resolveReference: ({ id }, { loaders }) => loaders.post.load(id),
    author: ({ memberId }) => ({ id: memberId }),
    about: subjectOf,
  },

  Review: {
    __resolveReference: ({ id }, { loaders }) => loaders.review.load(id),
    author: ({ memberId }) => ({ id: memberId }),
    about: subjectOf,
  },

  ReviewConnection: {
    summary: ({ by, ownerId }, _, { loaders }) => loaders.reviewsBy[by].summary.load(ownerId),
  },

  Subject: {
    __resolveType: ({ __typename }) => __typename,
  },

  Member: {
    posts: async ({ id }, asked, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await loaders.postsOf(id, page), page);
    },
    reviews: ({ id }, asked, context) => reviewsOf('memberId', id, asked, context),
  },

  Reward: {
    rating: ({ id }, _, { loaders }) => loaders.reviewsBy.aboutRewardId.summary.load(id),
    reviews: ({ id }, asked, context) => reviewsOf('aboutRewardId', id, asked, context),
  },

  Partner: {
    rating: ({ id }, _, { loaders }) => loaders.reviewsBy.aboutPartnerId.summary.load(id),
    reviews: ({ id }, asked, context) => reviewsOf('aboutPartnerId', id, asked, context),
  },
};

function subjectOf({
  aboutRewardId,
  aboutPartnerId,
}: Pick<Post, 'aboutRewardId' | 'aboutPartnerId'>) {
  if (aboutRewardId) return { __typename: 'Reward' as const, id: aboutRewardId };
  if (aboutPartnerId) return { __typename: 'Partner' as const, id: aboutPartnerId };
  return null;
}

async function reviewsOf(
  by: ReviewsBy,
  ownerId: string,
  asked: PageRequest,
  { loaders, config }: SubgraphContext,
): Promise<ReviewConnection> {
  const page = readNewestPage(asked, config.limits);
  const list = await loaders.reviewsBy[by].list(ownerId, page);
  return { ...newestConnection(list, page), by, ownerId };
}
