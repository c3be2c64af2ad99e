import { openPlanner } from '../../../gateway/execution/planner.ts';
import { openThread } from '../../../gateway/execution/planning.ts';
import { composeSmallGraph } from '../../support/small-graph.ts';

/** As it is built: Node starts a thread from JavaScript alone. */
const built = new URL('../../../dist/gateway/execution/planner-thread.js', import.meta.url);
const limits = { planMs: 30_000, plansWaiting: 10 };

/** A thread that answers with what it was asked, and does what it is told to. */
const told = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, threadId } from 'node:worker_threads';
    parentPort.on('message', ({ source }) => {
      if (source === 'hang') for (;;);
      if (source === 'die') process.exit(1);
      if (source === 'throw') throw new Error('thrown');
      const told = source === 'which' ? { threadId } : { source };
      parentPort.postMessage({ plan: { kind: 'QueryPlan', ...told } });
    });
    parentPort.postMessage('ready');`)}`,
);

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

function open(...[file, sdl, own]: Parameters<typeof openThread>) {
  const thread = openThread(file, sdl, own);
  closing.push(() => thread.close());
  return (source: string, operationName?: string) => thread.plan({ source, operationName });
}

describe('a planning thread', () => {
  it('plans and refuses as one does in place', async () => {
    const sdl = composeSmallGraph();
    const inPlace = openPlanner(sdl);
    const plan = open(built, sdl, limits);
    const source = 'query A { me { name } } query B { feed { author { name posts } } }';

    expect(await plan(source, 'B')).toEqual(await inPlace.plan({ source, operationName: 'B' }));
    const refused = await plan(source, 'C').catch((error: unknown) => error);
    const refusedInPlace = await inPlace
      .plan({ source, operationName: 'C' })
      .catch((error: unknown) => error);
    expect(refused).toEqual(refusedInPlace);
    expect(refused).toMatchObject({ extensions: { code: 'INVALID_GRAPHQL' } });
  });

  it.each([
    ['takes too long', 'hang', { extensions: { code: 'QUERY_TOO_EXPENSIVE' } }],
    ['ends it', 'die', { message: 'The planning thread has ended.' }],
    ['fails', 'throw', { message: 'thrown' }],
  ])('is another one after a plan that %s, which alone is lost', async (_, source, error) => {
    const plan = open(told, '', { planMs: 300, plansWaiting: 10 });

    const [lost, ...others] = await Promise.allSettled([plan(source), plan('a'), plan('b')]);

    expect(lost).toMatchObject({ status: 'rejected', reason: error });
    expect(others).toEqual(
      ['a', 'b'].map((each) => ({
        status: 'fulfilled',
        value: { kind: 'QueryPlan', source: each },
      })),
    );
  });

  it('lets so many wait, and no more', async () => {
    const plan = open(told, '', { planMs: 300, plansWaiting: 2 });

    const results = await Promise.allSettled([plan('a'), plan('b'), plan('c')]);

    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    expect(results[2]).toMatchObject({ reason: { extensions: { code: 'SUBGRAPH_UNAVAILABLE' } } });
  });

  it('ends when it is retired and nobody waits; who asks later has another', async () => {
    const thread = openThread(told, '', limits);
    closing.push(() => thread.close());
    const ask = () => thread.plan({ source: 'which', operationName: undefined });
    const waiting = [ask(), ask()];

    thread.retire();
    const [first, same] = await Promise.all(waiting);
    const later = await ask();

    expect(first).toMatchObject({ threadId: expect.any(Number) });
    expect(same).toEqual(first);
    expect(later).not.toEqual(first);
  });

  it('owes nothing when it is closed', async () => {
    const thread = openThread(told, '', limits);
    const waiting = thread.plan({ source: 'hang', operationName: undefined });

    await Promise.all([thread.close(), expect(waiting).rejects.toThrow('has ended')]);
  });
});
