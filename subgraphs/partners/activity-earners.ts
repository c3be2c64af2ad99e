import type { Database } from '../../platform/database.ts';
import { Refusal } from '../../platform/errors.ts';
import { consentingMembers, resolveMembers } from '../../platform/members.ts';
import type { Report } from './activity-reports.ts';
import type { Occasion } from './activity-terms.ts';
import { type MemberSnapshot, enrolProvisional, memberSnapshots } from './members.ts';

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
  occasion: Occasion,
): Promise<Earners> {
  const { reporter } = occasion;
  const refs = reports.map(({ member }) => member);
  const known = await resolveMembers(tx, refs, reporter);
  // A reference may name another partner's account, which is not to be taken for one's own.
  const accounts = refs.map(({ partnerAccount, partnerId }) =>
    (partnerId ?? reporter.partnerId) === reporter.partnerId ? (partnerAccount ?? null) : null,
  );
  const unknown = accounts.filter((_, index) => known[index] === null);
  const { holders, enrolled } = await enrolUnknown(tx, unknown, occasion);
  const memberIds = accounts.map(
    (account, index) => known[index] ?? holders.get(account ?? '') ?? null,
  );
  const found = [...new Set(memberIds.filter((memberId) => memberId !== null))];
  const earning = await consentingMembers(tx, reporter, found, 'EARN');
  const silent = found.filter((memberId) => !earning.has(memberId));
  const trusting =
    silent.length > 0 ? await consentingMembers(tx, reporter, silent, null) : new Set();
  const snapshots = await memberSnapshots(tx, [...earning]);

  function earnerOf(memberId: string | null): MemberSnapshot | Refusal {
    const member = memberId === null ? undefined : snapshots.get(memberId);
    if (member) {
      if (['ACTIVE', 'PROVISIONAL'].includes(member.status)) return member;
      return new Refusal('MEMBER_INACTIVE', 'This member cannot earn now.', ['member']);
    }
    if (trusting.has(memberId)) {
      const message = 'The member has not consented to earn here.';
      return new Refusal('CONSENT_REQUIRED', message, ['member'], { subject: 'EARN' });
    }
    // Denied looks the same as absent: a partner cannot find out who is a member.
    return new Refusal('NOT_FOUND', 'This partner knows no such member.', ['member']);
  }

  return { members: memberIds.map(earnerOf), enrolled };
}

/** Makes provisional members of unknown accounts, where the reporter may. */
async function enrolUnknown(tx: Database, unknown: (string | null)[], { reporter, at }: Occasion) {
  const accounts = unknown.filter((account) => account !== null);
  if (!reporter.enrols || accounts.length === 0)
    return { holders: new Map<string, string>(), enrolled: 0 };
  const { partnerId, sandbox } = reporter;
  const enrolled = await enrolProvisional(tx, accounts, { partnerId, sandbox, at });
  return {
    holders: new Map(enrolled.map(({ account, memberId }) => [account, memberId])),
    enrolled: enrolled.filter(({ isNew }) => isNew).length,
  };
}
