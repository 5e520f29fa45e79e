export { store } from './package.ts';
export { sampleNameStore, type SampleNameStoreOptions } from './store.ts';
