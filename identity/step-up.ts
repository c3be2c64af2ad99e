import { type KoaContextWithOIDC, interactionPolicy } from 'oidc-provider';
import { staffDaySeconds } from './accounts.ts';
import type { ClientMetadata } from './clients.ts';

/**
 * What an application asks for by `acr_values` before something heavy: that the person proves again who
 * they are, whatever session their browser has. Source: RFC 9470.
 */
export const stepUp = 'urn:coalition:step-up';

/** Whether an authorization request asks for it. */
export function asksForStepUp({ acr_values: asked }: Record<string, unknown>): boolean {
  return typeof asked === 'string' && asked.split(' ').includes(stepUp);
}

/**
 * When a person has to sign in: where the provider says so, and in our three cases. Nothing is asked
 * beyond: the applications are the coalition's own, so that nobody has to consent to them.
 */
export function signInPolicy(): interactionPolicy.DefaultPolicy {
  const { Check, base } = interactionPolicy;
  const policy = base();
  policy.remove('consent');
  const { checks } = policy.get('login')!;
  const isNeeded = (needed: (ctx: KoaContextWithOIDC) => boolean) => (ctx: KoaContextWithOIDC) =>
    needed(ctx) && !ctx.oidc.result?.login;
  checks.add(
    new Check(
      'step_up',
      'a fresh proof is needed',
      'login_required',
      isNeeded(({ oidc }) => asksForStepUp(oidc.params!)),
    ),
  );
  checks.add(
    // The session is of a member where staff is to sign in, or of one who may no more.
    new Check('other_account', 'another account is needed', 'login_required', ({ oidc }) =>
      Boolean(oidc.session!.accountId && !oidc.account),
    ),
  );
  checks.add(
    new Check(
      'staff_day',
      'staff signs in each day',
      'login_required',
      isNeeded(({ oidc }) => isStaffs(oidc.client!) && oidc.session!.past(staffDaySeconds)),
    ),
  );
  return policy;
}

function isStaffs(client: object): boolean {
  return (client as ClientMetadata).principal === 'staff';
}

/** The claim that tells the graph of it: when it happened, for as long as the sign-in goes on. */
export function stepUpClaim(ctx: KoaContextWithOIDC | undefined): { stepped_up_at?: number } {
  const { AuthorizationCode, RefreshToken } = ctx?.oidc?.entities ?? {};
  const { acr, authTime } = AuthorizationCode ?? RefreshToken ?? {};
  return acr === stepUp && authTime !== undefined ? { stepped_up_at: authTime } : {};
}
