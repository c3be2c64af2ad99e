import type { Connection } from '../../../platform/paging.ts';
import type { Partner } from './entities.ts';

/** Which partners a list has. */
export interface PartnerFilter {
  kind?: Partner['kind'] | null;
  status?: Partner['status'] | null;
  /** Part of the name or the code, in any case. */
  search?: string | null;
}

/** A page of partners, with what they were looked for by. */
export interface PartnerConnection extends Connection<Partner> {
  filter: PartnerFilter;
}
