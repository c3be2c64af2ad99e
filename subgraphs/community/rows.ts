import type { Connection } from '../../platform/paging.ts';
import type { Review } from './entities.ts';

/** Members, rewards and partners as this subgraph knows them: by id alone. */
export interface Member {
  id: string;
}
export interface Reward {
  __typename: 'Reward';
  id: string;
}
export interface Partner {
  __typename: 'Partner';
  id: string;
}

/** What reviews are listed by: their authors, or what they are about. */
export type ReviewsBy = 'memberId' | 'aboutRewardId' | 'aboutPartnerId';

/** A page of someone's reviews, which knows whose list it is of. */
export interface ReviewConnection extends Connection<Review> {
  by: ReviewsBy;
  ownerId: string;
}

export interface ReviewSummary {
  count: number;
  average: string | null;
  /** How many gave 1, 2, 3, 4 and 5. */
  histogram: number[];
}
