/** The member of another part, by id. */
export interface Member {
  id: string;
}
