import { isPartnerRole, scopesOfRole, staffRoles } from '../../platform/roles.ts';
import { scopesOf } from '../../platform/scopes.ts';

describe('the roles of staff', () => {
  it.each(staffRoles)(
    '%s gives scopes of its own kind of organisation, and of no other',
    (role) => {
      const possible = scopesOf(isPartnerRole(role) ? 'PARTNER' : 'ADMIN');

      expect(scopesOfRole(role).length).toBeGreaterThan(0);
      expect(scopesOfRole(role).filter((scope) => !possible.includes(scope))).toEqual([]);
    },
  );

  it('give every scope of staff and partners to somebody', () => {
    const given = new Set(staffRoles.flatMap((role) => scopesOfRole(role)));

    expect(given).toEqual(new Set([...scopesOf('ADMIN'), ...scopesOf('PARTNER')]));
  });

  it('are an administrator’s and an owner’s with everything', () => {
    expect(scopesOfRole('ADMINISTRATOR')).toEqual(scopesOf('ADMIN'));
    expect(scopesOfRole('PARTNER_OWNER')).toEqual(scopesOf('PARTNER'));
  });
});
