export { guardrail } from './package.ts';
export { secrets, type SecretsOptions } from './secrets.ts';
