export { jina } from './jina.ts';
export { provider } from './provider-package.ts';
export type { RetrievalOptions } from './retrieval-host.ts';
export { textEmbeddingsInference } from './text-embeddings-inference.ts';
export { voyage } from './voyage.ts';
