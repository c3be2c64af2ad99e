import { hash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type pg from 'pg';
import { Connection } from './connection.ts';
import { isOutdated } from './database.ts';
import { limits } from './limits.ts';

/** How often a text comes before it is prepared: most of what is made up for one request never does again. */
const usesMin = 3;
/** Texts that are counted. */
const textsMax = 2_000;

/** The texts that came to any connection of this process, and how often. */
const uses = new LRUCache<string, { name: string; count: number }>({ max: textsMax });
/** One more each time that a statement was found to be outdated: then all are prepared anew. */
let generation = 0;

/** The name of a statement that comes often; null for others. */
function nameOf(text: string): string | null {
  let known = uses.get(text);
  if (!known) {
    known = { name: hash('sha256', text, 'base64url'), count: 0 };
    uses.set(text, known);
  }
  known.count++;
  return known.count < usesMin ? null : known.name;
}

type Statement = Record<'name' | 'text', string> & { values: unknown[] };
type Ask = (statement: string | Statement, values?: unknown[]) => Promise<pg.QueryResult>;

/**
 * A connection that has the server keep what it made of statements that come often with values, if none: they
 * are read and checked once, and planned for any values where that is found to be as good. It keeps the first
 * `limits.preparedStatements` that come; the others are sent whole, as they are to any connection.
 */
export class PreparingConnection extends Connection {
  readonly #kept = new Set<string>();
  #generation = generation;

  /** Typed for none of the ways to call it, and so for all. */
  override query(...given: unknown[]): never {
    const [text, values, callback] = given;
    const ask = super.query.bind(this) as Ask;
    const isPlain = typeof text === 'string' && Array.isArray(values);
    if (!isPlain || callback) return Reflect.apply(ask, this, given) as never;
    const name = nameOf(text);
    return (name ? this.#askKept(ask, { name, text, values }) : ask(text, values)) as never;
  }

  async #askKept(ask: Ask, { name: plainName, text, values }: Statement): Promise<pg.QueryResult> {
    if (this.#generation !== generation) {
      this.#generation = generation;
      this.#kept.clear();
      await ask('DEALLOCATE ALL');
    }
    // What is of before has its name still, as pg remembers it.
    const name = `${plainName}_${this.#generation}`;
    if (!this.#kept.has(name)) {
      if (this.#kept.size === limits.preparedStatements) return ask(text, values);
      this.#kept.add(name);
    }
    const isAlone = this.getTransactionStatus() === 'I';
    try {
      return await ask({ name, text, values });
    } catch (error) {
      if (!isOutdated(error)) throw error;
      generation++;
      // In a transaction everything before it is lost as well: see `transaction`.
      if (!isAlone) throw error;
      return ask(text, values);
    }
  }
}
