import { existsSync } from 'node:fs';
import type { Browser, Page } from 'playwright-core';

/** The browser of this machine; null where there is none. */
export const browserPath =
  [process.env['CHROMIUM'], '/usr/bin/chromium', '/usr/bin/google-chrome'].find(
    (path) => path && existsSync(path),
  ) ?? null;

export async function openBrowser(): Promise<Browser> {
  // Read when it is needed: that takes a second, in which nothing else goes on.
  const { chromium } = await import('playwright-core');
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: browserPath!, args });
}

/** What a page must not do, as far as it did. */
export interface Watched {
  page: Page;
  /** Console messages that are errors or warnings, refused by the policy among them, and exceptions. */
  complaints: string[];
  /** Requests to any other place than the origin. */
  elsewhere: string[];
}

export async function watchedPage(browser: Browser, origin: string): Promise<Watched> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const complaints: string[] = [];
  const elsewhere: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) elsewhere.push(request.url());
  });
  return { page, complaints, elsewhere };
}
