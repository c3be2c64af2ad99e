import { jest } from '@jest/globals';
import pg from 'pg';
import { Column, Entity, PrimaryColumn, getMetadataArgsStorage } from 'typeorm';
import { counter } from './counter.fixture.ts';

@Entity()
export class Left {
  @PrimaryColumn({ type: 'int' }) id!: number;
  @Column({ type: 'text' }) text!: string;
}

/** The tests' own time is faked by the first of them. */
const realImmediate = setImmediate;

declare global {
  var left: string | undefined;
}

it('leaves what it can', () => {
  counter.count++;
  globalThis.left = 'left';
  process.env['LEFT'] = 'left';
  Object.assign(pg, { left: 'left' });
  jest.useFakeTimers({ now: 0 });
  jest.spyOn(pg.Client.prototype, 'query');

  expect(getMetadataArgsStorage().columns).toHaveLength(2);
});

it('fails where it differs', () => {
  expect({ points: 1n }).toEqual({ points: 2n });
});

it('fails where it takes too long', () => expect(new Promise(() => 0)).resolves.toBe(1), 20);

it('fails where it says less than it promised', () => {
  expect.assertions(2);
});

it('fails by an error that nobody awaits', async () => {
  void Promise.reject(new Error('not awaited'));
  await new Promise(realImmediate);
  expect(counter.count).toBe(1);
});
