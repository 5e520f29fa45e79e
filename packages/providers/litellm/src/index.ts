export { type ComparedCost, type LiteLLM, litellm, type LiteLLMOptions } from './litellm.ts';
export type { ModelHealth, ProxyHealth } from './health.ts';
export type { ProxyModel } from './proxy-model.ts';
export { provider } from './provider-package.ts';
