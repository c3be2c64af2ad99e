import { z } from 'zod';
import { id, inWords, parseInput, url } from '../../platform/input.ts';

describe('what an input is refused with', () => {
  it.each<[string, z.ZodType, unknown]>([
    ['is no id', id, 'ada'],
    ['is needed', z.object({}), null],
    ['is needed', z.string(), undefined],
    ['must be an object', z.object({}), 'ada'],
    ['must be a number', z.number(), Number.NaN],
    ['must be a whole number', z.int(), 1.5],
    ['must be of another kind', z.bigint(), 1],
    ['must be 0 or more', z.int().min(0), -1],
    ['must be 9 or less', z.bigint().max(9n), 10n],
    ['must have 254 characters or less', z.string().max(254), 'a'.repeat(255)],
    ['must hold 1 or more', z.array(id).min(1), []],
    ['must be one of A, B', z.enum(['A', 'B']), 'C'],
    ['is not valid', z.iso.time(), 'noon'],
    ['must be an http(s) URL', url, 'javascript:alert(1)'],
    ['holds characters that a URL encodes', url, 'https://shop.example/"><script>'],
    ['must not hold a name or password', url, 'https://user:word@shop.example/'],
  ])('%s', (words, schema, input) => {
    expect(() => parseInput(schema, input, ['field'])).toThrow(`field: ${words}.`);
  });

  it('leaves a schema its own words', () => {
    const read = z.int().min(1, 'needs one').safeParse(0, { error: inWords });

    expect(read.error!.issues[0]!.message).toBe('needs one');
  });
});
