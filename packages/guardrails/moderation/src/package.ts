import { type GuardrailPackage, OPTION, requireOptions } from '@sluice/core';
import { moderation, type ModerationOptions } from './moderation.ts';

/** For configuration files that name this package. */
export const guardrail: GuardrailPackage = {
  create: (options) =>
    moderation(
      requireOptions<ModerationOptions>(options, {
        model: OPTION.text,
        baseUrl: OPTION.url,
        apiKey: OPTION.text,
        threshold: { isValid: (value) => typeof value === 'number' && value > 0 && value <= 1, form: 'a number over 0, up to 1' },
        timeoutMs: OPTION.count,
        name: OPTION.text,
      }),
    ),
};
