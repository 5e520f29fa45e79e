export { sampleNameHook, type SampleNameHookOptions } from './hook.ts';
export { plugin } from './package.ts';
