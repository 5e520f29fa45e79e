export { bedrock, type BedrockOptions } from './bedrock.ts';
export { provider } from './provider-package.ts';
