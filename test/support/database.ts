import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { type PartName, partNames, roleOf } from '../../platform/config.ts';
import { openDatabase } from '../../platform/connection.ts';
import type { Database } from '../../platform/database.ts';
import * as communityEntities from '../../subgraphs/community/entities.ts';
import * as membersEntities from '../../subgraphs/members/entities.ts';
import * as partnersEntities from '../../subgraphs/partners/entities.ts';
import * as rewardsEntities from '../../subgraphs/rewards-catalog/entities.ts';
import * as identityEntities from '../../identity/entities.ts';
import { testConfig } from './config.ts';

export const entitiesOf = {
  members: Object.values(membersEntities),
  partners: Object.values(partnersEntities),
  'rewards-catalog': Object.values(rewardsEntities),
  community: Object.values(communityEntities),
  identity: Object.values(identityEntities),
  worker: [],
} as Record<PartName, never[]>;

/** A database of the test file's own, opened under the roles that the parts have. */
export interface TestDatabase {
  /** A part's connection: what its rules get. */
  db(part: PartName): Database;
  /** The owner's: to look at everything, and to stand things up that no part may. */
  owner(): Database;
  /** URL of a role's connection, for a system that runs on this database. */
  url(user: string): string;
}

/** Gives the test file a copy of the migrated database; it is dropped when the file is done. */
export function useTestDatabase(): TestDatabase {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const socket = process.env['TEST_POSTGRES_SOCKET']!;
  let opened: OpenTestDatabase;
  const url = (user: string, database = name) =>
    `postgresql://${user}@localhost/${database}?host=${encodeURIComponent(socket)}`;

  beforeAll(async () => {
    await asOwner(url('postgres', 'postgres'), `CREATE DATABASE ${name} TEMPLATE coalition`);
    opened = await openTestDatabase((user) => url(user));
  });
  afterAll(async () => {
    await opened.close();
    await asOwner(url('postgres', 'postgres'), `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return {
    db: (part) => opened.db(part),
    owner: () => opened.owner(),
    url: (user) => url(user),
  };
}

interface OpenTestDatabase extends TestDatabase {
  close(): Promise<void>;
}

/** Opens a database that is there already under each role. */
export async function openTestDatabase(url: TestDatabase['url']): Promise<OpenTestDatabase> {
  const sources = new Map<string, DataSource>();
  const limits = { ...testConfig().limits, poolConnections: 4 };
  await Promise.all(
    [...partNames, 'owner' as const].map(async (part) => {
      const user = part === 'owner' ? 'postgres' : roleOf(part);
      const entities = part === 'owner' ? [] : entitiesOf[part];
      // The owner's look at everything takes as long as there is much of it.
      const own = part === 'owner' ? { ...limits, statementMs: 60_000 } : limits;
      sources.set(part, await openDatabase(url(user), entities, own, 'test'));
    }),
  );
  return {
    db: (part) => sources.get(part)!.manager,
    owner: () => sources.get('owner')!.manager,
    url,
    async close() {
      await Promise.all([...sources.values()].map((source) => source.destroy()));
    },
  };
}

async function asOwner(connectionString: string, sql: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}
