export { pinoSink, type PinoSinkOptions, sink } from './pino-sink.ts';
