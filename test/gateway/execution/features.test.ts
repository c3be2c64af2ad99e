import { federate } from '../../support/federation.ts';
import { cases } from './worlds.ts';

describe.each(Object.entries(cases))('%s', (_, { world, questions }) => {
  const graph = federate(world);

  it.each(questions.map((each) => (typeof each === 'string' ? ([each, {}] as const) : each)))(
    '%s %j',
    async (document, variables) => {
      const promised = await graph.whole(document, variables);

      const own = await graph.own(document, variables);

      expect(own).toEqual(promised);
      // Also in the order of the fields.
      expect(JSON.stringify(own)).toBe(JSON.stringify(promised));
      expect(await graph.stock(document, variables)).toEqual(promised);
    },
  );
});
