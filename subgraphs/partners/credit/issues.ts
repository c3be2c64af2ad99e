import type { Activity } from '../activities/entities.ts';
import type { Partner } from '../brands/entities.ts';
import type { Contract } from '../contracts/entities.ts';

/** Points that an activity is to earn, by the contract of its day. */
export interface Issue {
  partner: Pick<Partner, 'isLimited' | 'name'>;
  contract: Contract;
  activity: Activity;
}

/** Whether a version says how much may be issued. */
export function isLimited({ billing, creditLimit, alertAt, monthlyIssueLimit }: Limits): boolean {
  return (
    billing === 'PREPAID' || creditLimit !== null || alertAt !== null || monthlyIssueLimit !== null
  );
}

type Limits = Pick<Contract, 'billing' | 'creditLimit' | 'alertAt' | 'monthlyIssueLimit'>;
