export { aiSdk, type AiSdkOptions } from './ai-sdk.ts';
export type { AiSdkSettings, AiSdkSource } from './source.ts';
export type { AiSdkProvider } from './specification.ts';
