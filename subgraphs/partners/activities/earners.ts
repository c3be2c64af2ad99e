import type { Database } from '../../../platform/database.ts';
import { Refusal } from '../../../platform/errors.ts';
import {
  type Asking,
  type MemberRef,
  askerKey,
  byAsker,
  consentingMembers,
  resolveMembers,
} from '../../../platform/members.ts';
import { type MemberSnapshot, enrolProvisional, mayEarn, memberSnapshots } from './members.ts';
import type { Report } from './reports.ts';
import type { Occasion } from './terms.ts';

/** Who earns, as the rules see them. */
export interface Earners {
  /** The member of each report, or why it may not earn here, in the reports' order. */
  members: (MemberSnapshot | Refusal)[];
  /** How many members were made for it. */
  enrolled: number;
}

/** Finds the members whom reports name, and who let the partner report: one call for each question. */
export async function findEarners(
  tx: Database,
  reports: Report[],
  { at }: Occasion,
): Promise<Earners> {
  const named = reports.map(({ member, reporter }) => ({ ref: member, by: reporter }));
  const known = await resolveMembers(tx, named);
  const unknown = named.flatMap(({ ref, by }, index) => {
    const account = ownAccount(ref, by);
    return known[index] === null && account !== null && by.enrols ? [{ account, by }] : [];
  });
  const { holders, enrolled } = await enrolAccounts(tx, unknown, at);
  const found = named.map(({ ref, by }, index) => {
    const memberId = known[index] ?? holders.get(accountKey(ownAccount(ref, by), by)) ?? null;
    return memberId === null ? null : { memberId, by };
  });
  const asked = found.filter((each) => each !== null);
  const earning = await consentingMembers(tx, asked, 'EARN');
  const silent = asked.filter((each) => !earning.has(each));
  const trusting = await consentingMembers(tx, silent, null);
  const memberIds = new Set([...earning].map(({ memberId }) => memberId));
  const snapshots = await memberSnapshots(tx, [...memberIds], at);

  function earnerOf(one: (typeof found)[number]): MemberSnapshot | Refusal {
    const member = one && earning.has(one) ? snapshots.get(one.memberId) : undefined;
    if (member) {
      if (mayEarn(member)) return member;
      return new Refusal('MEMBER_INACTIVE', 'This member cannot earn now.', ['member']);
    }
    if (one && trusting.has(one)) {
      const message = 'The member has not consented to earn here.';
      return new Refusal('CONSENT_REQUIRED', message, ['member'], { subject: 'EARN' });
    }
    // Denied looks the same as absent: a partner cannot find out who is a member.
    return new Refusal('NOT_FOUND', 'This partner knows no such member.', ['member']);
  }

  return { members: found.map(earnerOf), enrolled };
}

/** A reference may name another partner's account, which is not to be taken for one's own. */
function ownAccount(ref: MemberRef, by: Asking): string | null {
  return (ref.partnerId ?? by.partnerId) === by.partnerId ? (ref.partnerAccount ?? null) : null;
}

function accountKey(account: string | null, by: Asking): string {
  return `${askerKey(by)} ${account ?? ''}`;
}

/** Makes provisional members of unknown accounts of partners: a call for each that has some. */
async function enrolAccounts(
  tx: Database,
  unknown: { account: string; by: Asking }[],
  at: Date,
): Promise<{ holders: Map<string, string>; enrolled: number }> {
  const holders = new Map<string, string>();
  let enrolled = 0;
  for (const { by, all } of byAsker(unknown)) {
    const accounts = all.map(({ account }) => account);
    for (const holder of await enrolProvisional(tx, accounts, { ...by, at })) {
      holders.set(accountKey(holder.account, by), holder.memberId);
      if (holder.isNew) enrolled++;
    }
  }
  return { holders, enrolled };
}
