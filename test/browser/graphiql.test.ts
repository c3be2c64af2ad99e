import type { Browser, Page, Response } from 'playwright-core';
import { accruePoints } from '../../ledger/index.ts';
import { type Watched, browserPath, openBrowser, watchedPage } from '../support/browser.ts';
import { useTestDatabase } from '../support/database.ts';
import { givenMemberAt } from '../support/given-members.ts';
import { anAccrual, givenLedgerPartner } from '../support/given-points.ts';
import { startAsOneProcess } from '../support/system.ts';
import { until } from '../support/until.ts';

const inBrowser = browserPath ? describe : describe.skip;

inBrowser('GraphiQL in a browser (skipped without Chromium: apt-get install chromium)', () => {
  const test = useTestDatabase();
  let system: Awaited<ReturnType<typeof startAsOneProcess>>;
  let browser: Browser;
  let watched: Watched;
  let page: Page;
  let memberId: string;
  beforeAll(async () => {
    system = await startAsOneProcess(test);
    browser = await openBrowser();
    watched = await watchedPage(browser, system.url);
    ({ page } = watched);
  });
  afterAll(async () => {
    await browser?.close();
    await system?.stop();
  });
  /** Does what loads the page. @returns the graph that it was given, as text */
  async function graphAfter(load: () => Promise<unknown>): Promise<string> {
    const isSchema = (answer: Response) =>
      answer.url().endsWith('/graphql') &&
      (answer.request().postData() ?? '').includes('IntrospectionQuery');
    const [answer] = await Promise.all([page.waitForResponse(isSchema), load()]);
    await page.locator('.graphiql-query-editor .view-line').first().waitFor();
    return answer.text();
  }

  const answer = () => page.locator('.graphiql-response .view-lines').innerText();
  const run = () => page.getByRole('button', { name: 'Execute query' }).click();
  const viewer = () => page.locator('#viewer');

  it('opens on the public’s graph, with an operation that runs', async () => {
    const graph = await graphAfter(() => page.goto(system.url));

    expect(graph).toContain('"rewards"');
    expect(graph).not.toContain('redeemReward');
    await viewer().getByText('PUBLIC').waitFor();
    await run();
    await page.locator('.graphiql-response').getByText('hasNextPage').waitFor();
    expect(await answer()).toContain('"rewards"');
  });

  it('takes a token, reads the graph anew and runs a sample with it', async () => {
    memberId = await givenMemberAt(test, 'ada@example.com');
    const token = await system.token('member', 'ada@example.com');

    await page.getByLabel('Token').fill(`Bearer ${token}`);
    const graph = await graphAfter(() => page.getByRole('button', { name: 'Use' }).click());

    expect(graph).toContain('redeemReward');
    expect(graph).not.toContain('invitePartner');
    await viewer().getByText('MEMBER: Ada').waitFor();

    await graphAfter(() =>
      page.getByLabel('Sample operations').selectOption('My balance and my statement'),
    );
    await page.getByRole('tab', { name: 'Me' }).waitFor();
    await run();
    await page.locator('.graphiql-response').getByText('memberNumber').waitFor();
    expect(await answer()).toContain('"Ada"');
    expect(page.url()).toBe(`${system.url}/`);
    expect(await page.getByRole('tab').allInnerTexts()).toEqual(['Catalogue', 'Me']);
  });

  it('shows what a subscription tells, until it is stopped', async () => {
    const sample = 'Hear of points as they move';
    await graphAfter(() => page.getByLabel('Sample operations').selectOption(sample));
    await page.getByRole('tab', { name: 'PointsMoved' }).waitFor();
    await run();
    const issuerId = await givenLedgerPartner(test);
    await until(async () => {
      const accrual = { memberId, issuerId, points: 3n, at: new Date() };
      await accruePoints(test.db('partners'), anAccrual(accrual));
      return (await answer()).includes('"ACCRUAL"');
    });
    expect(await answer()).toContain('"ACCRUAL"');
    await page.getByRole('button', { name: 'Stop query' }).click();
    await page.getByRole('button', { name: 'Execute query' }).waitFor();
  });

  it('keeps the token in this tab alone', async () => {
    const kept = await page.evaluate('JSON.stringify([{ ...localStorage }, document.cookie])');
    const token = (await page.evaluate('sessionStorage.getItem("token")')) as string;

    expect(token).toMatch(/^ey/);
    expect(kept).not.toContain(token);
    const another = await page.context().newPage();
    await another.goto(system.url);
    await another.locator('#viewer').getByText('PUBLIC').waitFor();
    await another.close();
  });

  it('forgets the token', async () => {
    const graph = await graphAfter(() => page.getByRole('button', { name: 'Forget' }).click());

    expect(graph).not.toContain('redeemReward');
    await viewer().getByText('PUBLIC').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
  });

  it('signs a member in, and asks with their token', async () => {
    await page.getByRole('button', { name: 'Sign in: member' }).click();
    await page.getByLabel('Your e-mail address').fill('ada@example.com');
    await page.getByRole('button', { name: 'Mail me a code' }).click();
    await page.getByLabel('The code from the mail').fill(await system.mailedCode());
    await page.getByRole('button', { name: 'Sign in' }).click();

    await viewer().getByText('MEMBER: Ada').waitFor();
    expect(page.url()).toBe(`${system.url}/`);
    expect(await page.evaluate('Object.keys(sessionStorage)')).toEqual(['token']);
    await page.getByRole('button', { name: 'Forget' }).click();
    await viewer().getByText('PUBLIC').waitFor();
  });

  it('takes no code that another tab, or nobody, asked for', async () => {
    await page.goto(`${system.url}/?code=theirs&state=theirs`);

    await viewer().getByText('Nobody signed in').waitFor();
    expect(await page.evaluate('sessionStorage.length')).toBe(0);
    await page.goto(system.url);
  });

  it('has asked nobody else meanwhile, and met nothing that its policy forbids', () => {
    expect(watched.elsewhere).toEqual([]);
    expect(watched.complaints).toEqual([]);
  });

  it('says that a token is refused', async () => {
    await page.getByLabel('Token').fill('nonsense');
    await page.getByRole('button', { name: 'Use' }).click();

    await viewer().getByText('The token is not valid.').waitFor();
    expect(await page.evaluate('document.querySelector("#viewer").dataset.refused')).toBe('true');
  });
});
