import { orUserErrors } from '../../platform/errors.ts';
import { newestConnection, readNewestPage } from '../../platform/paging.ts';
import { requireMember } from '../../platform/viewer.ts';
import { createPost, findPost, listPosts } from './posts.ts';
import type { Resolvers } from './types.generated.ts';

export const resolvers: Resolvers = {
  Query: {
    feed: async (_, { topic, kind, ...asked }, { db, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await listPosts(db, { topic, kind }, page), page);
    },
    post: (_, { id }, { db }) => findPost(db, id),
  },

  Mutation: {
    createPost: (_, { input }, { db, viewer, clock }) =>
      orUserErrors('post', () => createPost(db, input, { memberId: requireMember(viewer), clock })),
  },

  Post: {
    __resolveReference: ({ id }, { loaders }) => loaders.post.load(id),
    author: ({ memberId }) => ({ id: memberId }),
    about: ({ aboutRewardId, aboutPartnerId }) =>
      aboutRewardId
        ? { __typename: 'Reward', id: aboutRewardId }
        : aboutPartnerId
          ? { __typename: 'Partner', id: aboutPartnerId }
          : null,
  },

  Subject: {
    __resolveType: ({ __typename }) => __typename,
  },

  Member: {
    posts: async ({ id }, asked, { loaders, config }) => {
      const page = readNewestPage(asked, config.limits);
      return newestConnection(await loaders.postsOf(id, page), page);
    },
  },
};
