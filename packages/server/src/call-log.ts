import { ConfigurationError, didYouMean, type Sink } from '@sluice/core';
import type { Environment } from '@sluice/core/node';
import { pinoSink } from '@sluice/logger-pino';
import { pino } from 'pino';

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

/**
 * Call records on standard output, from LOG_LEVEL on.
 * @throws ConfigurationError for a level that is none.
 */
export function callLog({ LOG_LEVEL: level = 'info' }: Environment): Sink {
  if (!LEVELS.includes(level)) {
    throw new ConfigurationError([
      { place: 'LOG_LEVEL', message: `'${level}' is not a level.`, suggestion: didYouMean(level, LEVELS) ?? `There are ${LEVELS.join(', ')}.` },
    ]);
  }
  return pinoSink({ logger: pino({ base: null, level }) });
}
