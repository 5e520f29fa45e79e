export { provider } from './package.ts';
export { sampleNameProvider } from './provider.ts';
