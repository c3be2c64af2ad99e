/** What types of the graph resolve from, where it is no table's row; by room. */
export type * from './audit/rows.ts';
export type * from './conversions/rows.ts';
export type * from './holds/rows.ts';
export type * from './households/rows.ts';
export type * from './identifiers/rows.ts';
export type * from './membership/rows.ts';
export type * from './notifications/rows.ts';
export type * from './points/rows.ts';
export type * from './program/rows.ts';
export type * from './referrals/rows.ts';
export type * from './reports/rows.ts';
export type * from './tiers/rows.ts';
