import { type CallRecord, ConfigurationError, defineSink, didYouMean, type Sink, type SinkPackage } from '@sluice/core';
import { type Logger, pino } from 'pino';

export type PinoSinkOptions = {
  /** The host's own logger. Default: a new one that writes to standard output. */
  readonly logger?: Pick<Logger, 'info' | 'warn' | 'error' | 'flush'>;
  /** The sink's name in reports of lost records. Default `pino`. */
  readonly name?: string;
};

/**
 * Writes each call record as one line of pino: at `info` for what went well or was left by its caller, at
 * `warn` for what the gateway refused, at `error` for what failed.
 *
 * @example
 * createGateway({ sinks: [pinoSink({ logger: app.log })] });
 */
export function pinoSink({ logger = pino({ base: null }), name = 'pino' }: PinoSinkOptions = {}): Sink {
  return defineSink({
    name,
    write(records) {
      for (const record of records) logger[levelOf(record)](record, 'call');
    },
    close: () =>
      new Promise((resolve, reject) => {
        logger.flush((error) => (error ? reject(error) : resolve()));
      }),
  });
}

/** For configuration files that name this package. */
export const sink: SinkPackage = {
  create({ name, ...unknown }) {
    const problems = Object.keys(unknown).map((option) => {
      const suggestion = didYouMean(option, ['name']);
      return { place: option, message: `'${option}' is not an option.`, ...(suggestion === undefined ? {} : { suggestion }) };
    });
    if (name !== undefined && typeof name !== 'string') problems.push({ place: 'name', message: 'It has to be a text.' });
    if (problems.length > 0) throw new ConfigurationError(problems);
    return pinoSink(name === undefined ? {} : { name: name as string });
  },
};

function levelOf({ status }: CallRecord): 'info' | 'warn' | 'error' {
  switch (status) {
    case 'ok':
    case 'cache_hit':
    case 'aborted':
      return 'info';
    case 'refused':
      return 'warn';
    case 'error':
      return 'error';
  }
}
