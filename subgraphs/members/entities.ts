/** Every table of this subgraph, by room. */
export * from './adjustments/entities.ts';
export * from './consents/entities.ts';
export * from './conversions/entities.ts';
export * from './holds/entities.ts';
export * from './households/entities.ts';
export * from './identifiers/entities.ts';
export * from './membership/entities.ts';
export * from './merging/entities.ts';
export * from './notifications/entities.ts';
export * from './privacy/entities.ts';
export * from './program/entities.ts';
export * from './reports/entities.ts';
export * from './risk/entities.ts';
export * from './segments/entities.ts';
export * from './staff/entities.ts';
export * from './tiers/entities.ts';
export * from './transfers/entities.ts';
