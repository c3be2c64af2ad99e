import type { AccessMap } from '../../platform/access.ts';
import type { Activity, ApiClient, Contract, Partner, RuleSet } from './entities.ts';
import type { Member } from './rows.ts';

const ofPartner = ({ partnerId }: Contract | RuleSet | ApiClient) => ({ partnerId });

export const access: AccessMap = {
  owners: {
    Partner: ({ id }: Partner) => ({ partnerId: id }),
    Contract: ofPartner,
    RuleSet: ofPartner,
    ApiClient: ofPartner,
    Activity: ({ memberId, partnerId, sandbox }: Activity) => ({ memberId, partnerId, sandbox }),
    Member: ({ id }: Member) => ({ memberId: id }),
  },
  // A partner that is not LIVE is kept back by look-ups and lists (partners.ts), and is reached by
  // reference only from a row that the caller may read.
  publicEntities: ['Partner', 'Member'],
};
