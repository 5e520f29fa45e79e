export { jsonlSink, type JsonlSinkOptions, sink } from './jsonl-sink.ts';
