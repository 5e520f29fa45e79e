// The entry point `@sluice/core/hooks`: the built-in hooks one by one, for pipelines of one's own and for the
// contract suite that they pass like any other.
export { admission } from '../hooks/admission.ts';
export { auth } from '../hooks/auth.ts';
export { cache, type CacheOptions } from '../hooks/cache/cache.ts';
export { guardrail, type GuardrailOptions } from '../hooks/guardrail/guardrail.ts';
export { logger, type LoggerOptions } from '../hooks/logger/logger.ts';
export { router } from '../hooks/router.ts';
export { telemetry } from '../hooks/telemetry/telemetry.ts';
