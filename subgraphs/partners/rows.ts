/** What types of the graph resolve from, where it is no table's row; by room. */
export type * from './activities/rows.ts';
export type * from './brands/pages.ts';
export type * from './brands/rows.ts';
export type * from './clients/rows.ts';
export type * from './contracts/rows.ts';
export type * from './credit/rows.ts';
export type * from './earning/rows.ts';
export type * from './offers/rows.ts';
export type * from './performance/rows.ts';
export type * from './seals/rows.ts';
export type * from './settlement/rows.ts';
export type * from './webhooks/rows.ts';
