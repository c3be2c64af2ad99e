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
