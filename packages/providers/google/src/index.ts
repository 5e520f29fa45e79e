export { gemini, type GeminiOptions } from './gemini.ts';
export { provider } from './provider-package.ts';
export type { Environment } from './endpoint.ts';
