import { createHash } from 'node:crypto';
import { renderSVG } from 'uqr';
import type { StaffAccount } from './accounts.ts';

/** Markup that is safe to stand in a page. */
interface Html {
  readonly markup: string;
}

type Part = Html | string | readonly Html[];

/** Writes markup; what is put in it is escaped, unless it is markup itself. */
function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return { markup: String.raw({ raw: texts }, ...parts.map(markupOf)) };
}

function markupOf(part: Part): string {
  if (typeof part === 'string') return part.replaceAll(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
}

const style = `
body { max-width: 26rem; margin: 10vh auto; padding: 0 1rem; color: #1f2a44; font: 1rem/1.5 system-ui, sans-serif; }
label, input, select, button { display: block; width: 100%; box-sizing: border-box; }
input, select, button { margin: .25rem 0 1rem; padding: .6rem; font: inherit; border: 1px solid #5b6786; border-radius: 4px; }
button { color: #fff; background: #1f2a44; cursor: pointer; }
button.other { color: #1f2a44; background: none; }
[role=alert] { padding: .6rem; color: #fff; background: #a3362f; border-radius: 4px; }
code { overflow-wrap: anywhere; }
svg { display: block; width: 14rem; margin: 1rem auto; }
`;

/** Its text is what the policy allows by its hash, to the letter. */
const styleTag: Html = { markup: `<style>${style}</style>` };

const guards = {
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

/**
 * What any answer may do, of ours or of the provider's own: nothing. Where the provider has a form
 * that sends itself it adds its script's hash to `script-src`, which is why that is there.
 */
export const answerHeaders: Readonly<Record<string, string>> = {
  ...guards,
  'content-security-policy':
    "default-src 'none'; script-src; frame-ancestors 'none'; base-uri 'none'",
};

/**
 * What a page may do: show itself and its style, and send its forms here, and from here to the
 * application that the person came from. Nothing runs in it, and nothing may frame it.
 *
 * @param formTargets origins that a form's answer may lead to
 */
export function pageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  const styleHash = createHash('sha256').update(style).digest('base64');
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `style-src 'sha256-${styleHash}'`,
      ["form-action 'self'", ...formTargets].join(' '),
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    ...guards,
  };
}

/** A whole page. */
function page(title: string, content: Html, alert: string | null = null): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width" />
        <title>${title}</title>
        ${styleTag}
      </head>
      <body>
        <h1>${title}</h1>
        ${alert === null ? '' : html`<p role="alert">${alert}</p>`} ${content}
      </body>
    </html> `.markup;
}

/** Asks for the address. */
export function emailPage(action: string, hint: string, alert: string | null): string {
  const form = html`<form method="post" action="${action}/email">
    <label for="email">Your e-mail address</label>
    <input
      id="email"
      name="email"
      type="email"
      value="${hint}"
      maxlength="254"
      autocomplete="email"
      required
      autofocus
    />
    <button>Mail me a code</button>
  </form>`;
  return page('Sign in', form, alert);
}

/** Asks for the code. It tells nothing of the address. */
export function codePage(action: string, alert: string | null): string {
  const forms = html`<p>
      If the address is right, a mail with a code is on its way. The code is good for 10 minutes.
    </p>
    <form method="post" action="${action}/code">
      <label for="code">The code from the mail</label>
      <input
        id="code"
        name="code"
        inputmode="numeric"
        pattern="[0-9 ]*"
        maxlength="10"
        autocomplete="one-time-code"
        required
        autofocus
      />
      <button>Sign in</button>
    </form>
    <form method="get" action="${action}">
      <button class="other">Another address, or another code</button>
    </form>`;
  return page('Your code', forms, alert);
}

/** What the link of a mail leads to. Programs that look at mail open links: only a person presses. */
export function linkPage(action: string, token: string): string {
  const form = html`<p>You asked to sign in here with your e-mail address.</p>
    <form method="post" action="${action}/link">
      <input type="hidden" name="token" value="${token}" />
      <button>Sign in</button>
    </form>`;
  return page('Sign in', form);
}

/** Asks whether who has proved an address that is no member's wants to be one. */
export function joinPage(action: string, email: string): string {
  const form = html`<p>There is no membership of ${email} yet.</p>
    <form method="post" action="${action}/join"><button>Join</button></form>
    <form method="get" action="${action}"><button class="other">Another address</button></form>`;
  return page('Join', form);
}

/** Asks staff for the code of their app, and who works for several, for whom they sign in. */
export function factorPage(action: string, staff: StaffAccount[], alert: string | null): string {
  const [only, ...others] = staff;
  const whom =
    others.length === 0
      ? html`<input type="hidden" name="staff" value="${only!.id}" />`
      : html`<label for="staff">Sign in as</label>
          <select id="staff" name="staff">
            ${staff.map(
              ({ id, name, role, partnerId }) =>
                html`<option value="${id}">
                  ${name}, ${role}${partnerId ? ` (${partnerId})` : ''}
                </option>`,
            )}
          </select>`;
  const form = html`<form method="post" action="${action}/factor">
    ${whom}
    <label for="code">The code of your app, or a recovery code</label>
    <input id="code" name="code" maxlength="20" autocomplete="one-time-code" required autofocus />
    <button>Sign in</button>
  </form>`;
  return page('Second factor', form, alert);
}

/** What an invitation's link leads to. */
export function invitationPage(action: string, token: string, name: string): string {
  const form = html`<p>
      Welcome, ${name}. You need an app that makes one-time codes, on your phone say.
    </p>
    <form method="post" action="${action}">
      <input type="hidden" name="token" value="${token}" />
      <button>Set up my sign-in</button>
    </form>`;
  return page('You are invited', form);
}

/** Shows the secret of the app, and asks for its first code. */
export function setUpPage(
  action: string,
  token: string,
  { uri, secret }: { uri: string; secret: string },
): string {
  const form = html`<p>
      Scan this with the app, or type the secret <code>${secret}</code> into it.
    </p>
    ${{ markup: renderSVG(uri) }}
    <p><a href="${uri}">Open the app on this device</a></p>
    ${confirmForm(action, token)}`;
  return page('Your second factor', form);
}

/** Asks for the code again; the secret is shown once. */
export function confirmPage(action: string, token: string, alert: string): string {
  return page('Your second factor', confirmForm(action, token), alert);
}

function confirmForm(action: string, token: string): Html {
  return html`<form method="post" action="${action}/confirm">
    <input type="hidden" name="token" value="${token}" />
    <label for="code">The code that the app shows</label>
    <input
      id="code"
      name="code"
      inputmode="numeric"
      maxlength="10"
      autocomplete="one-time-code"
      required
      autofocus
    />
    <button>Done</button>
  </form>`;
}

/** Shows the recovery codes, once. */
export function recoveryPage(codes: readonly string[]): string {
  const list = html`<p>
      Keep these where you find them without your phone. Each signs you in once in place of the
      app's code. They are not shown again.
    </p>
    <ul>
      ${codes.map((code) => html`<li><code>${code}</code></li>`)}
    </ul>
    <p>You can sign in now.</p>`;
  return page('Your recovery codes', list);
}

/** Asks whether to sign out. @param form the provider's own, which its buttons belong to */
export function signOutPage(form: string): string {
  const buttons = html`<p>Do you want to sign out?</p>
    ${{ markup: form }}
    <button form="op.logoutForm" name="logout" value="yes" autofocus>Sign out</button>`;
  return page('Sign out', buttons);
}

/** Tells something, and asks nothing. */
export function messagePage(title: string, text: string): string {
  return page(title, html`<p>${text}</p>`);
}
