export { prometheusSink, type PrometheusSinkOptions } from './prometheus-sink.ts';
export { sink } from './package.ts';
