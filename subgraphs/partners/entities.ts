/** Every table of this subgraph, by room. */
export * from './activities/entities.ts';
export * from './brands/entities.ts';
export * from './claims/entities.ts';
export * from './clients/entities.ts';
export * from './contracts/entities.ts';
export * from './credit/entities.ts';
export * from './earning/entities.ts';
export * from './imports/entities.ts';
export * from './offers/entities.ts';
export * from './performance/entities.ts';
export * from './rates/entities.ts';
export * from './refunds/entities.ts';
export * from './replays/entities.ts';
export * from './settlement/entities.ts';
export * from './webhooks/entities.ts';
