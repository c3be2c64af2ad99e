import { tokenHash } from '../platform/codes.ts';
import { Refusal } from '../platform/errors.ts';
import { type Koa, readForm } from './forms.ts';
import { confirmPage, invitationPage, messagePage, recoveryPage, setUpPage } from './pages.ts';
import { confirmFactor, findInvited, startFactor } from './second-factors.ts';
import { type SignInMeans, show } from './sign-in.ts';

/**
 * Answers the pages of an invitation: what the link leads to, the secret of the app, and the recovery
 * codes. The link's token goes along in the forms. Until the app gives its first code the invitation
 * stays good; programs that look at mail open links and press nothing.
 *
 * @returns whether the request was for one of them
 */
export async function answerInvitation(ctx: Koa, means: SignInMeans): Promise<boolean> {
  const action = `${means.home}/invitation`;
  const asked = `${ctx.method} ${ctx.path}`;
  const isPage = ['GET /invitation', 'POST /invitation', 'POST /invitation/confirm'];
  if (!isPage.includes(asked)) return false;
  const form =
    ctx.method === 'POST' ? await readForm(ctx.req) : new URLSearchParams(ctx.querystring);
  const token = form.get('token') ?? '';
  const hash = tokenHash(token);
  const invited = await findInvited(means.db, hash);
  if (!invited) {
    const text = 'This invitation was used, or is over: ask for another.';
    show(ctx, messagePage('You are invited', text), 400);
  } else if (asked === 'GET /invitation') {
    show(ctx, invitationPage(action, token, invited.name));
  } else if (asked === 'POST /invitation') {
    show(ctx, setUpPage(action, token, await startFactor(means.db, hash, means)));
  } else {
    await confirm(ctx, { hash, token, code: form.get('code') ?? '', action }, means);
  }
  return true;
}

async function confirm(
  ctx: Koa,
  { hash, token, code, action }: { hash: Buffer; token: string; code: string; action: string },
  means: SignInMeans,
): Promise<void> {
  try {
    show(ctx, recoveryPage(await confirmFactor(means.db, { hash, code }, means)));
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    show(ctx, confirmPage(action, token, error.message), 400);
  }
}
