import type { Guardrail } from '../../types/guardrail.ts';

/** Types a guardrail as it is written. */
export function defineGuardrail(guardrail: Guardrail): Guardrail {
  return guardrail;
}
