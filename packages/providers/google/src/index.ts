export { gemini, type GeminiOptions } from './studio/gemini.ts';
export { vertex, type VertexOptions } from './vertex/vertex.ts';
export { provider } from './provider-package.ts';
export type { Environment } from './endpoint.ts';
