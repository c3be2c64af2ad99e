import type { UserErrorCode } from '../../platform/contract.generated.ts';
import type { RefusalDetails } from '../../platform/errors.ts';

/** Matches a refusal by its code, its path and, where given, its figures. */
export function refusal(code: UserErrorCode, inputPath: string[] = [], details?: RefusalDetails) {
  return expect.objectContaining({ code, inputPath, ...(details && { details }) }) as unknown;
}
