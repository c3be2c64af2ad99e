/** References to rows that other subgraphs own. */

/** A partner, by its id. */
export const partnerStub = (id: string | null) => (id ? { id } : null);
