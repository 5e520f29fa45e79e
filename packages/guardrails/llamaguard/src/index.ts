export { CATEGORIES } from './categories.ts';
export { llamaGuard, type LlamaGuardOptions } from './llama-guard.ts';
export { guardrail } from './package.ts';
