import type { AuditEvent as RecordedAct } from '../../../platform/audit-log.ts';

export type AuditEvent = RecordedAct;
