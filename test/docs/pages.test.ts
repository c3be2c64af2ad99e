import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { root } from '../../platform/root.ts';

const pagesIn = (folder: string) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => join(folder, name));

/** The files of this repository that a page leads to, from the root; without the place in them. */
const linksOf = (page: string) =>
  [...readFileSync(join(root, page), 'utf8').matchAll(/\]\(([^)#]+)[^)]*\)/g)]
    .map(([, target]) => target!)
    .filter((target) => !/^\w+:/.test(target))
    .map((target) => join(dirname(page), target));

describe('the pages', () => {
  const pages = ['.', 'docs', 'docs/decisions'].flatMap(pagesIn);

  it.each(pages)('%s leads to files that are there', (page) => {
    expect(linksOf(page).filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  it('are all found from the README, once each', () => {
    const links = linksOf('README.md').filter((target) => /^(docs\/|CONTRIBUTING)/.test(target));
    const own = [...pagesIn('docs'), 'docs/decisions/README.md', 'CONTRIBUTING.md'];

    expect(links.sort()).toEqual(own.sort());
  });

  it('list every decision, in order', () => {
    const records = pagesIn('docs/decisions').filter((page) => /\/\d{4}-/.test(page));
    const listed = linksOf('docs/decisions/README.md').slice(0, records.length);

    expect(listed).toEqual(records.sort());
  });
});
