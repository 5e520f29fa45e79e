export type { HostOptions } from '@sluice/openai-wire';
export { jina } from './jina.ts';
export { provider } from './provider-package.ts';
export { textEmbeddingsInference } from './text-embeddings-inference.ts';
export { voyage } from './voyage.ts';
