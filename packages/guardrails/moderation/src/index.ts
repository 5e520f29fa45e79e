export { moderation, type ModerationOptions } from './moderation.ts';
export { guardrail } from './package.ts';
