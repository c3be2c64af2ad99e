/** The member of another part, by id. */
export interface Member {
  id: string;
}

/** One line of what was bought, as an activity keeps it. */
export interface BoughtItem {
  line: string;
  sku: string;
  productType: string | null;
  category: string | null;
  brand: string | null;
  quantity: number;
  /** For the whole line, in the activity's currency; an exact decimal. */
  amount: string;
  /** Its share of the activity's points, a JSON integer. */
  points: number;
}
