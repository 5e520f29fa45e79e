export { anthropic, type AnthropicOptions } from './anthropic.ts';
export { provider } from './provider-package.ts';
