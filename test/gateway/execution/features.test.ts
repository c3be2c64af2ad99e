import { jest } from '@jest/globals';
import { isDeepStrictEqual } from 'node:util';
import { federate } from '../../support/federation.ts';
import { furtherCases } from './further-worlds.ts';
import { type Question, cases } from './worlds.ts';

function asked(questions: readonly Question[], isApart: boolean) {
  return questions.map((each) => {
    const [document, variables] = typeof each === 'string' ? [each, {}] : each;
    return [document, variables, isApart] as const;
  });
}

describe.each(Object.entries({ ...cases, ...furtherCases }))(
  '%s',
  (_, { world, questions, apart = [] }) => {
    const graph = federate(world);

    it.each([...asked(questions, false), ...asked(apart, true)])(
      '%s %j',
      async (document, variables, isApart) => {
        const promised = await graph.whole(document, variables);

        const own = await graph.own(document, variables);

        expect(own).toEqual(promised);
        // Also in the order of the fields.
        expect(JSON.stringify(own)).toBe(JSON.stringify(promised));
        const stock = await graph.stock(document, variables);
        expect(isDeepStrictEqual(stock, promised)).toBe(!isApart);
      },
    );
  },
);

describe('the executor that is compared', () => {
  it('writes by generated code, and then again without', async () => {
    const graph = federate(cases['leaves and inputs']!.world);
    const compile = globalThis.Function;
    const generate = jest.fn(() => {
      throw new EvalError('There is none.');
    });

    globalThis.Function = generate as never;
    const { data } = await graph.own('{ leaves { int } }').finally(() => {
      globalThis.Function = compile;
    });

    expect(data).toEqual({ leaves: { int: -3 } });
    expect(generate).toHaveBeenCalledTimes(2);
  });
});
