export { lunarySink, type LunarySinkOptions } from './lunary-sink.ts';
export { sink } from './package.ts';
