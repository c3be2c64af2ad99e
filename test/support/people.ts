import { createHash, randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import { Secret, TOTP } from 'otpauth';

/** What a person's browser shows: a page of the issuer's, or where it was sent on to. */
export interface Shown {
  status: number;
  /** Where it stands: elsewhere than at the issuer, nothing was asked for. */
  url: URL;
  html: string;
  headers: Headers;
}

interface Cookie {
  name: string;
  value: string;
  path: string;
  /** As the answer said it: whether scripts see it, and which sites send it. */
  line: string;
}

/** A browser with cookies and without scripts, for which the issuer is where the test runs it. */
export interface PersonsBrowser {
  /** What it keeps, by name and path. */
  cookies: Map<string, Cookie>;
  open(url: string): Promise<Shown>;
  /** Fills in the first form of a page that has a button of this name, or its first form, and sends it. */
  send(shown: Shown, path: string, form?: Record<string, string>): Promise<Shown>;
}

/**
 * @param reached where the issuer answers in this test
 * @param more headers that it sends besides
 */
export function openBrowser(
  issuer: string,
  reached = issuer,
  more: Record<string, string> = {},
): PersonsBrowser {
  const jar = new Map<string, Cookie>();
  const visit = async (url: URL, init: RequestInit = {}): Promise<Shown> => {
    if (!url.href.startsWith(issuer)) {
      return { status: 0, url, html: '', headers: new Headers() };
    }
    const sent = [...jar.values()].filter(({ path }) => url.pathname.startsWith(path));
    const cookie = sent.map(({ name, value }) => `${name}=${value}`).join('; ');
    const answer = await fetch(url.href.replace(issuer, reached), {
      ...init,
      redirect: 'manual',
      headers: { accept: 'text/html', cookie, ...more },
    });
    for (const line of answer.headers.getSetCookie()) keep(line);
    const location = answer.headers.get('location');
    if (location) return visit(new URL(location, url));
    return { status: answer.status, url, html: await answer.text(), headers: answer.headers };
  };
  const keep = (line: string) => {
    const [, name, value] = /^([^=]+)=([^;]*)/.exec(line)!;
    const path = /path=([^;]+)/.exec(line)?.[1] ?? '/';
    const key = `${name} ${path}`;
    if (value) jar.set(key, { name: name!, value, path, line });
    else jar.delete(key);
  };
  return {
    cookies: jar,
    open: (url) => visit(new URL(url)),
    send({ html, url }, path, form = {}) {
      const forms = [...html.matchAll(/<form[^>]*action="([^"]*)"[^>]*>([\s\S]*?)<\/form>/g)];
      const [, action, fields] = forms.find((one) => one[1]!.endsWith(path)) ?? [];
      if (action === undefined) throw new Error(`No form leads to ${path}: ${html}`);
      const body = new URLSearchParams();
      for (const [, name, value] of fields!.matchAll(/name="([^"]*)"[^>]*value="([^"]*)"/g)) {
        body.set(name!, value!);
      }
      for (const [name, value] of Object.entries(form)) body.set(name, value);
      return visit(new URL(action, url), { method: 'POST', body });
    },
  };
}

/** An application that people sign in with, and its proof key for one sign-in. */
export function openApplication(clientId: 'member-web' | 'staff-web', issuer: string, to: string) {
  const verifier = randomBytes(32).toString('base64url');
  const challenge = createHash('sha256').update(verifier).digest('base64url');
  return {
    /** Where it sends a person's browser. */
    start(scope: string, more: Record<string, string> = {}): string {
      const asked = new URLSearchParams({
        client_id: clientId,
        response_type: 'code',
        redirect_uri: to,
        scope,
        state: 'a state',
        code_challenge: challenge,
        code_challenge_method: 'S256',
        ...more,
      });
      return `${issuer}/auth?${asked.toString()}`;
    },
    /** Takes the code that the browser came back with to the token endpoint. */
    redeem(reached: string, back: Shown, more: Record<string, string> = {}) {
      expect(back.url.href.startsWith(to)).toBe(true);
      return askToken(reached, {
        grant_type: 'authorization_code',
        client_id: clientId,
        redirect_uri: to,
        code: back.url.searchParams.get('code') ?? '',
        code_verifier: verifier,
        ...more,
      });
    },
    refresh: (reached: string, refreshToken: string) =>
      askToken(reached, {
        grant_type: 'refresh_token',
        client_id: clientId,
        refresh_token: refreshToken,
      }),
  };
}

export interface TokenAnswer {
  status: number;
  body: {
    access_token?: string;
    refresh_token?: string;
    id_token?: string;
    scope?: string;
    expires_in?: number;
    error?: string;
  };
}

async function askToken(reached: string, form: Record<string, string>): Promise<TokenAnswer> {
  const answer = await fetch(`${reached}/token`, {
    method: 'POST',
    body: new URLSearchParams(form),
  });
  return { status: answer.status, body: (await answer.json()) as TokenAnswer['body'] };
}

/** The app of a person of the staff, from the secret that a page shows. */
export function openApp({ html }: Shown): (at: Date) => string {
  const secret = Secret.fromBase32(/secret <code>([A-Z2-7]+)</.exec(html)![1]!);
  return (at) => new TOTP({ secret }).generate({ timestamp: at.getTime() });
}

/** The link in a mail. */
export function linkIn(text: string): string {
  return /https?:\/\/\S+/.exec(text)![0];
}
