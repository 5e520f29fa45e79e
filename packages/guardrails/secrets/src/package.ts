import { type GuardrailPackage, OPTION, requireOptions } from '@sluice/core';
import { secrets, type SecretsOptions } from './secrets.ts';

/** For configuration files that name this package. */
export const guardrail: GuardrailPackage = {
  create: (options) =>
    secrets(
      requireOptions<SecretsOptions>(options, {
        action: { isValid: (value) => value === 'redact' || value === 'block', form: "'redact' or 'block'" },
        replacement: OPTION.text,
        assignments: OPTION.flag,
        longestFinding: OPTION.count,
        name: OPTION.text,
      }),
    ),
};
