import type { Logger } from 'pino';
import type { Batches } from './batches.ts';
import type { Clock } from './clock.ts';
import type { Config } from './config.ts';
import type { Database } from './database.ts';
import type { Mail } from './mail.ts';
import type { ConsentQuestion } from './members.ts';
import type { Metrics } from './metrics.ts';
import type { Texts } from './texts.ts';
import type { Viewer } from './viewer.ts';
import type { Follow } from './watches.ts';

/** What a process lends to each of its parts. */
export interface Platform {
  clock: Clock;
  mail: Mail;
  texts: Texts;
  log: Logger;
  metrics: Metrics;
}

/** What a resolver receives. */
export interface Context {
  /** The part's pool, under its own role. */
  db: Database;
  /** Where commands go that may go together; null where each goes alone. */
  batches: Batches | null;
  viewer: Viewer;
  clock: Clock;
  mail: Mail;
  texts: Texts;
  config: Config;
  /** Whether the calling partner may, by a member's consent; false for other callers. */
  may: (question: ConsentQuestion) => Promise<boolean>;
  /** Tells of what happens, for a subscription. */
  follow: Follow;
  /** Carries the request's id. */
  log: Logger;
  requestId: string;
}
