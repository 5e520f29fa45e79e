export { cohere, type CohereOptions } from './cohere.ts';
export { provider } from './provider-package.ts';
