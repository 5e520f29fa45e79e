export { langfuseSink, type LangfuseSinkOptions } from './langfuse-sink.ts';
export { sink } from './package.ts';
