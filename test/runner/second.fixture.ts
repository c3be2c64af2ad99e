import pg from 'pg';
import { getMetadataArgsStorage } from 'typeorm';
import { counter } from './counter.fixture.ts';

it('finds modules, globals, environment, time and packages as they were', () => {
  expect(counter.count).toBe(0);
  expect(globalThis.left).toBeUndefined();
  expect(process.env['LEFT']).toBeUndefined();
  expect(Date.now()).toBeGreaterThan(1);
  expect(pg.Client.prototype).not.toHaveProperty('query.mock');
  expect(getMetadataArgsStorage().columns).toHaveLength(0);
});

it('has the very package that the file before it had', () => {
  expect(pg).toHaveProperty('left');
});

it('is of one realm with the packages', async () => {
  await expect(new pg.Client({ host: '/nowhere' }).connect()).rejects.toBeInstanceOf(Error);
});
