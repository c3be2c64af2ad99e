import type Provider from 'oidc-provider';
import { type InteractionResults, errors } from 'oidc-provider';
import { parseInput, email as anEmail } from '../platform/input.ts';
import { Refusal } from '../platform/errors.ts';
import type { Database } from '../platform/database.ts';
import type { Mail } from '../platform/mail.ts';
import {
  enrolVerified,
  findMemberAt,
  findStaffAt,
  openMembersSignIn,
  openStaffSignIn,
} from './accounts.ts';
import { askerOf, keepBrowser } from './askers.ts';
import type { ClientMetadata } from './clients.ts';
import { type Koa, readForm } from './forms.ts';
import {
  codePage,
  emailPage,
  factorPage,
  joinPage,
  linkPage,
  messagePage,
  pageHeaders,
} from './pages.ts';
import { type FactorMeans, checkFactor } from './second-factors.ts';
import { proveByCode, proveByLink, provedEmail, sendCode } from './sign-in-codes.ts';
import { asksForStepUp, stepUp } from './step-up.ts';

/** What the pages go by. */
export interface SignInMeans extends FactorMeans {
  db: Database;
  mail: Mail;
  provider: Provider;
  /** Where the pages are: the issuer, without a slash behind it. */
  home: string;
}

type Interaction = Awaited<ReturnType<Provider['interactionDetails']>>;

/** One request of a person who signs in. */
interface Step {
  ctx: Koa;
  interaction: Interaction;
  principal: ClientMetadata['principal'];
  /** Where the sign-in's forms go: its page, before the step's name. */
  action: string;
  means: SignInMeans;
}

const route = /^\/interaction\/([\w-]{1,64})(?:\/(email|code|link|join|factor))?$/;

/**
 * Answers the pages of a sign-in, which its browser holds by a cookie: e-mail address, code, and for
 * staff the second factor. Each is a plain form; a step that is done leads to the next one.
 *
 * @returns whether the request was for one of them
 */
export async function answerSignIn(ctx: Koa, means: SignInMeans): Promise<boolean> {
  const [, uid, name = 'start'] = route.exec(ctx.path) ?? [];
  const steps = ctx.method === 'POST' ? posted : shown;
  const answer = Object.hasOwn(steps, name) ? steps[name] : undefined;
  if (!uid || !answer || !['GET', 'HEAD', 'POST'].includes(ctx.method)) return false;
  const interaction = await findInteraction(ctx, means.provider, uid);
  if (!interaction) {
    const text =
      'This sign-in is over, or began in another browser. Go back to where you came from and start again; where you have a code from a mail, type it in the browser in which you asked for it.';
    show(ctx, messagePage('Not here', text), 400);
    return true;
  }
  const client = await means.provider.Client.find(interaction.params['client_id'] as string);
  const { principal } = client as unknown as ClientMetadata;
  const { origin } = new URL(interaction.params['redirect_uri'] as string);
  ctx.set(pageHeaders([origin]));
  // Whole, since a proxy on the way may change addresses that are not.
  const action = `${means.home}/interaction/${uid}`;
  await answer({ ctx, interaction, principal, action, means });
  return true;
}

/** The sign-in of this browser; null where it has none of this name. */
async function findInteraction(
  { req, res }: Koa,
  provider: Provider,
  uid: string,
): Promise<Interaction | null> {
  try {
    const interaction = await provider.interactionDetails(req, res);
    return interaction.uid === uid ? interaction : null;
  } catch (error) {
    if (error instanceof errors.SessionNotFound) return null;
    throw error;
  }
}

type Answer = (step: Step) => Promise<void> | void;

/** What GET shows: it changes nothing. */
const shown: Record<string, Answer> = {
  start({ ctx, interaction, action }) {
    const { login_hint: hint } = interaction.params;
    show(ctx, emailPage(action, typeof hint === 'string' ? hint : '', null));
  },
  code: ({ ctx, action }) => show(ctx, codePage(action, null)),
  link({ ctx, action }) {
    const { token } = ctx.query;
    show(ctx, linkPage(action, typeof token === 'string' ? token : ''));
  },
  async join(step) {
    const address = await requireProved(step);
    if (address) show(step.ctx, joinPage(step.action, address));
  },
  async factor(step) {
    const staff = await staffOf(step);
    if (staff) show(step.ctx, factorPage(step.action, staff, null));
  },
};

/** What the forms do. */
const posted: Record<string, Answer> = {
  async email({ ctx, interaction: { uid }, action, means }) {
    const written = (await readForm(ctx.req)).get('email') ?? '';
    const refused = await refusalOf(async () => {
      const email = parseInput(anEmail, written, ['email']);
      const linkOf = (token: string) => `${action}/link?token=${token}`;
      const asker = askerOf(ctx, email, means);
      await sendCode(means.db, { email, interaction: uid, ...asker }, { ...means, linkOf });
    });
    if (refused) return show(ctx, emailPage(action, written, refused.message), 400);
    return lead(ctx, `${action}/code`);
  },
  async code(step) {
    const { ctx, interaction, action, means } = step;
    const code = (await readForm(ctx.req)).get('code') ?? '';
    const attempt = { interaction: interaction.uid, code };
    const refused = await refusalOf(() => proveByCode(means.db, attempt, means));
    if (refused) return show(ctx, codePage(action, refused.message), 400);
    return goOn(step);
  },
  async link(step) {
    const { ctx, interaction, action, means } = step;
    const token = (await readForm(ctx.req)).get('token') ?? '';
    const attempt = { interaction: interaction.uid, token };
    const refused = await refusalOf(() => proveByLink(means.db, attempt, means));
    if (refused) return show(ctx, codePage(action, refused.message), 400);
    return goOn(step);
  },
  async join(step) {
    const address = await requireProved(step);
    if (!address || step.principal !== 'member') return;
    const { db, clock } = step.means;
    await finishMember(step, await enrolVerified(db, address, await clock.now(db)));
  },
  async factor(step) {
    const { ctx, action, means } = step;
    const staff = await staffOf(step);
    if (!staff) return;
    const form = await readForm(ctx.req);
    const chosen = staff.find(({ id }) => id === form.get('staff'));
    const refused = await refusalOf(async () => {
      if (!chosen) throw new Refusal('INVALID', 'Say as whom you sign in.', ['staff']);
      const attempt = { staffId: chosen.id, code: form.get('code') ?? '' };
      await checkFactor(means.db, attempt, means);
    });
    if (refused) return show(ctx, factorPage(action, staff, refused.message), 400);
    const ts = await openStaffSignIn(means.db, chosen!.id);
    if (ts === null) return lead(ctx, `${action}/factor`);
    return finish(step, { accountId: chosen!.id, ts, amr: ['otp', 'mfa'] });
  },
};

/** After the address is proved: a member is in, staff has a second factor to show, others may join. */
async function goOn(step: Step): Promise<void> {
  const { ctx, principal, action, means } = step;
  const address = await requireProved(step);
  if (!address) return;
  keepBrowser(ctx, address, means);
  if (principal === 'staff') return lead(ctx, `${action}/factor`);
  const memberId = await findMemberAt(means.db, address);
  return memberId ? finishMember(step, memberId) : lead(ctx, `${action}/join`);
}

async function finishMember(step: Step, memberId: string): Promise<void> {
  const ts = await openMembersSignIn(step.means.db, memberId);
  if (ts !== null) return finish(step, { accountId: memberId, ts, amr: ['otp'] });
  const text = 'This membership is not active: you cannot sign in with it.';
  return show(step.ctx, messagePage('Not now', text), 403);
}

async function finish(
  { ctx, interaction, means: { provider } }: Step,
  login: NonNullable<InteractionResults['login']>,
): Promise<void> {
  const acr = asksForStepUp(interaction.params) ? { acr: stepUp } : {};
  lead(ctx, await provider.interactionResult(ctx.req, ctx.res, { login: { ...login, ...acr } }));
}

/** Who has proved the address and works here; null where the answer is given already. */
async function staffOf(step: Step) {
  const address = step.principal === 'staff' ? await requireProved(step) : null;
  if (!address) return null;
  const staff = await findStaffAt(step.means.db, address);
  if (staff.length > 0) return staff;
  const text = `Nobody of the staff signs in with ${address}.`;
  show(step.ctx, messagePage('Not here', text), 403);
  return null;
}

/** The address that was proved; null, with the way to the start, where none was. */
async function requireProved({ ctx, interaction, action, means }: Step): Promise<string | null> {
  const address = await provedEmail(means.db, interaction.uid, means);
  if (!address) lead(ctx, action);
  return address;
}

/** What the rules refuse, to be shown; null where they do not. */
async function refusalOf(work: () => Promise<void>): Promise<Refusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Answers with a page, which may do what `pageHeaders` says. */
export function show(ctx: Koa, page: string, status = 200): void {
  if (!ctx.response.is('html')) ctx.set(pageHeaders());
  ctx.status = status;
  ctx.body = page;
}

function lead(ctx: Koa, url: string): void {
  ctx.redirect(url);
  ctx.status = 303;
}
