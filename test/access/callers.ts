import { type StaffRole, scopesOfRole } from '../../platform/roles.ts';
import { scopesOf } from '../../platform/scopes.ts';
import { type Viewer, anonymous } from '../../platform/viewer.ts';
import { adminViewer, memberViewer, partnerViewer } from '../support/subgraph.ts';
import type { Sown } from './sown.ts';

/** One column of the matrix. */
export interface Caller {
  /** Names it, among all. */
  letter: string;
  who: string;
  viewer: Viewer;
}

/** Everybody who calls, in groups: what is asked for is the first member's, at the first partner. */
export function callersOf({ members, partners }: Sown): Caller[][] {
  const steppedUpAt = new Date();
  const member = (id: string, scopes = scopesOf('MEMBER')) => {
    return { ...memberViewer(id, scopes), steppedUpAt };
  };
  const ofRole = (role: StaffRole) => partnerViewer(partners.own, scopesOfRole(role));
  const other = (id: string) => partnerViewer(id, scopesOf('PARTNER'));
  const staff = (role: StaffRole) => ({ ...adminViewer(scopesOfRole(role)), subject: role });
  return [
    [{ letter: '?', who: 'nobody who is signed in', viewer: anonymous }],
    [
      { letter: 'm', who: 'the member', viewer: member(members.self) },
      {
        letter: 'b',
        who: 'the member, with a token of no scope',
        viewer: member(members.self, []),
      },
      { letter: 'h', who: 'another member of the household', viewer: member(members.housemate) },
      { letter: 'o', who: 'another member', viewer: member(members.other) },
    ],
    [
      { letter: 'O', who: 'the partner that it is at: its owner', viewer: ofRole('PARTNER_OWNER') },
      { letter: 'T', who: 'its operations, and its tills', viewer: ofRole('PARTNER_OPERATIONS') },
      { letter: 'C', who: 'its catalog', viewer: ofRole('PARTNER_CATALOG') },
      { letter: 'F', who: 'its finance', viewer: ofRole('PARTNER_FINANCE') },
      { letter: 'I', who: 'its integration', viewer: ofRole('PARTNER_INTEGRATION') },
      { letter: 'k', who: 'its client without a scope', viewer: partnerViewer(partners.own) },
      { letter: 's', who: 'its test client', viewer: { ...other(partners.own), sandbox: true } },
    ],
    [
      {
        letter: 'c',
        who: 'another partner, to which the member consented',
        viewer: other(partners.trusted),
      },
      { letter: 'e', who: 'one with consent to EARN alone', viewer: other(partners.earning) },
      {
        letter: 't',
        who: 'one to which the member showed a wallet token',
        viewer: other(partners.shown),
      },
      { letter: 'w', who: 'one whose consent was withdrawn', viewer: other(partners.withdrawn) },
      { letter: 'n', who: 'one without consent', viewer: other(partners.stranger) },
    ],
    [
      {
        letter: 'A',
        who: 'staff of the coalition: an administrator',
        viewer: staff('ADMINISTRATOR'),
      },
      { letter: 'P', who: 'program', viewer: staff('PROGRAM') },
      { letter: 'B', who: 'finance', viewer: staff('FINANCE') },
      { letter: 'S', who: 'support', viewer: staff('SUPPORT') },
      { letter: 'M', who: 'a moderator', viewer: staff('MODERATOR') },
      { letter: 'U', who: 'an auditor', viewer: staff('AUDITOR') },
      { letter: 'l', who: 'one with LEDGER_ADJUST alone', viewer: adminViewer(['LEDGER_ADJUST']) },
      { letter: 'z', who: 'one without a scope', viewer: adminViewer([]) },
    ],
  ];
}
