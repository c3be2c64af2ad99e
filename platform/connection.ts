import pg from 'pg';

/**
 * A connection whose end is a failure of its statement in hand, or else of its next one. Whoever has
 * it need not listen too: pg's client ends the process where its last words find no listener, and
 * those who hand it on, a pool and TypeORM, leave it without one for a moment.
 */
export class Connection extends pg.Client {
  constructor(config: pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}
