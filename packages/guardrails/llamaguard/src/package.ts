import { type GuardrailPackage, OPTION, requireOptions } from '@sluice/core';
import { CATEGORIES } from './categories.ts';
import { llamaGuard, type LlamaGuardOptions } from './llama-guard.ts';

/** For configuration files that name this package. */
export const guardrail: GuardrailPackage = {
  create: (options) =>
    llamaGuard(
      requireOptions<LlamaGuardOptions>(options, {
        model: { ...OPTION.text, isRequired: true },
        baseUrl: OPTION.url,
        apiKey: OPTION.text,
        categories: {
          isValid: (value) => Array.isArray(value) && value.length > 0 && value.every((code) => Object.hasOwn(CATEGORIES, String(code))),
          form: `a list of ${Object.keys(CATEGORIES).join(', ')}`,
        },
        timeoutMs: OPTION.count,
        name: OPTION.text,
      }),
    ),
};
