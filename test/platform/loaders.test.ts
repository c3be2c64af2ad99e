import { listLoader } from '../../platform/loaders.ts';

describe('listLoader', () => {
  it('reads the lists of many owners at once, for each set of arguments', async () => {
    const reads: [string[], object][] = [];
    const load = listLoader(
      (owners: string[], args: { status: string }) => {
        reads.push([owners, args]);
        return Promise.resolve([
          { owner: 'b', name: 'b1' },
          { owner: 'a', name: 'a1' },
          { owner: 'b', name: 'b2' },
        ]);
      },
      ({ owner }) => owner,
    );

    const [a, b, c, again] = await Promise.all([
      load('a', { status: 'X' }),
      load('b', { status: 'X' }),
      load('c', { status: 'X' }),
      load('a', { status: 'Y' }),
    ]);

    expect([a, b, c].map((list) => list!.map(({ name }) => name))).toEqual([
      ['a1'],
      ['b1', 'b2'],
      [],
    ]);
    expect(again).toEqual([{ owner: 'a', name: 'a1' }]);
    expect(reads).toEqual([
      [['a', 'b', 'c'], { status: 'X' }],
      [['a'], { status: 'Y' }],
    ]);
  });
});
