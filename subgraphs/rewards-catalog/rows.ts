/** A member or a partner as this subgraph knows them: by id alone. */
export interface Member {
  id: string;
}
export interface Partner {
  id: string;
}
