export { sink } from './package.ts';
export { sampleNameSink, type SampleNameSinkOptions } from './sink.ts';
