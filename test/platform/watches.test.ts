import { pino } from 'pino';
import type { Source, Watches } from '../../platform/watches.ts';
import { openWatches } from '../../platform/watches.ts';
import { until } from '../support/until.ts';

interface Happening {
  key: string;
  row: number;
}

/** What happens, in a list that is looked at; the state is how much of it was read. */
function given(watchRows = 5) {
  const happened: Happening[] = [];
  let looks = 0;
  let isLost = false;
  const source: Source<number, number> = {
    name: 'test',
    look(_, keys, before) {
      looks++;
      if (isLost) return Promise.reject(new Error('The database is lost.'));
      const events = happened
        .slice(before ?? happened.length)
        .filter(({ key }) => keys.includes(key));
      return Promise.resolve({ events, state: happened.length });
    },
    isLast: (row) => row === 99,
  };
  const settings = { watchMs: 5, watchRows };
  const watches: Watches = openWatches({
    db: null as never,
    log: pino({ level: 'silent' }),
    limits: settings,
  });
  return {
    source,
    watches,
    happen: (key: string, row: number) => void happened.push({ key, row }),
    looks: () => looks,
    lose: (lost: boolean) => void (isLost = lost),
  };
}

describe('watching', () => {
  it('tells each of what happens to theirs from then on, and looks for all at once', async () => {
    const { source, watches, happen, looks } = given();
    happen('ada', 1);
    const [ada, bob, also] = await Promise.all(
      ['ada', 'bob', 'ada'].map((key) => watches.follow(source, key)),
    );
    expect(looks()).toBe(1);
    happen('bob', 2);
    happen('ada', 3);
    happen('ada', 4);
    const next = async (following = ada!) => (await following.next()).value;
    expect([await next(), await next(), await next(bob), await next(also)]).toEqual([3, 4, 2, 3]);
    watches.close();
  });

  it('looks only while somebody follows, and ends who is told to while they wait', async () => {
    const { source, watches, happen, looks } = given();
    const following = await watches.follow(source, 'ada');
    const waiting = following.next();
    await following.return!();
    expect(await waiting).toEqual({ done: true, value: undefined });
    await new Promise((resolve) => setTimeout(resolve, 20));
    const before = looks();
    happen('ada', 1);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(looks()).toBe(before);
    const again = await watches.follow(source, 'ada');
    happen('ada', 2);
    expect((await again.next()).value).toBe(2);
    watches.close();
  });

  it('loses nothing, and tells nothing twice, where looks fail', async () => {
    const { source, watches, happen, lose, looks } = given();
    const following = await watches.follow(source, 'ada');
    lose(true);
    happen('ada', 1);
    await expect(watches.follow(source, 'bob')).rejects.toThrow('The database is lost.');
    const before = looks();
    await until(() => Promise.resolve(looks() > before + 2));
    lose(false);
    happen('ada', 2);
    expect([(await following.next()).value, (await following.next()).value]).toEqual([1, 2]);
    watches.close();
  });

  it('cuts who does not keep up, and nobody else', async () => {
    const { source, watches, happen } = given(3);
    const [slow, quick] = [
      await watches.follow(source, 'ada'),
      await watches.follow(source, 'ada'),
    ];
    for (let row = 1; row <= 4; row++) {
      happen('ada', row);
      expect((await quick.next()).value).toBe(row);
    }
    await expect(slow.next()).rejects.toMatchObject({ extensions: { code: 'RATE_LIMITED' } });
    watches.close();
  });

  it('ends with the last event, and when it is closed', async () => {
    const { source, watches, happen } = given();
    const [ada, bob] = [await watches.follow(source, 'ada'), await watches.follow(source, 'bob')];
    happen('ada', 99);
    expect([(await ada.next()).value, (await ada.next()).done]).toEqual([99, true]);
    const waiting = bob.next();
    watches.close();
    await expect(waiting).rejects.toMatchObject({ extensions: { code: 'SUBGRAPH_UNAVAILABLE' } });
    await expect(watches.follow(source, 'ada')).rejects.toThrow('going away');
  });
});
