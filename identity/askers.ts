import { randomBytes, timingSafeEqual } from 'node:crypto';
import { networkOf } from '../platform/networks.ts';
import type { Koa } from './forms.ts';
import { hashOf } from './hashes.ts';

/** Who asks for a code, as mails are counted: strangers cannot use up what a known browser may ask. */
export interface Asker {
  /** A keyed hash of the browser's name where it is known, of its network otherwise. */
  asker: Buffer;
  /** Whether somebody has signed in with the address in this browser before. */
  known: boolean;
}

/** What tells browsers apart. */
interface AskerMeans {
  /** Where the pages are: the issuer, without a slash behind it. */
  home: string;
  hashKey: Buffer;
}

const keptSeconds = 180 * 24 * 60 * 60;

/** Tells who asks for a code to an address, by the cookie that `keepBrowser` left, or by its network. */
export function askerOf(ctx: Koa, email: string, { hashKey }: AskerMeans): Asker {
  const emailKey = email.toLowerCase();
  const name = knownName(ctx, emailKey, hashKey);
  const [kind, who] = name ? ['browser', name] : ['network', networkOf(ctx.ip)];
  return { asker: hashOf(hashKey, kind!, who!, emailKey), known: name !== null };
}

/**
 * Leaves a cookie in a browser in which an address was proved and somebody signed in with it. It lets
 * nobody in, and says nothing of the address to who reads it: it is what codes may be asked with, however
 * many were asked for elsewhere. One that is there keeps its name, so that signing in earns no more of
 * them. Source: OWASP, Slow Down Online Guessing Attacks with Device Cookies.
 */
export function keepBrowser(ctx: Koa, email: string, { home, hashKey }: AskerMeans): void {
  const emailKey = email.toLowerCase();
  const name = knownName(ctx, emailKey, hashKey) ?? randomBytes(16).toString('base64url');
  const ends = String(Math.floor(Date.now() / 1_000) + keptSeconds);
  const value = [name, ends, markOf(hashKey, emailKey, name, ends).toString('base64url')];
  ctx.cookies.set(cookieOf(hashKey, emailKey), value.join('.'), {
    path: `${new URL(home).pathname}/interaction`.replace('//', '/'),
    maxAge: keptSeconds * 1_000,
    sameSite: 'strict',
    // It carries a mark of its own, which holds for one address.
    signed: false,
  });
}

/** The name that the browser was given for this address; null where it has none that is good. */
function knownName(ctx: Koa, emailKey: string, hashKey: Buffer): string | null {
  const value = ctx.cookies.get(cookieOf(hashKey, emailKey), { signed: false }) ?? '';
  const [name = '', ends = '', mark = ''] = value.split('.');
  const given = Buffer.from(mark, 'base64url');
  const right = markOf(hashKey, emailKey, name, ends);
  const isOurs = given.length === right.length && timingSafeEqual(given, right);
  return isOurs && Number(ends) > Date.now() / 1_000 ? name : null;
}

function markOf(hashKey: Buffer, emailKey: string, name: string, ends: string): Buffer {
  return hashOf(hashKey, 'known browser', emailKey, name, ends);
}

/** A browser may be known for several addresses: each has a cookie, of a name that tells nothing. */
function cookieOf(hashKey: Buffer, emailKey: string): string {
  return `known_${hashOf(hashKey, 'cookie', emailKey).toString('base64url', 0, 9)}`;
}
