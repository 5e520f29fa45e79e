import { ConfigurationError, type ConfigurationProblem } from '../../errors/configuration-error.ts';
import type { GatewayOptions } from '../options.ts';
import { accessProblems } from './access-problems.ts';
import { entryProblems } from './entry-problems.ts';
import { managementProblems } from './management-problems.ts';
import { mediaProblems } from './media-problems.ts';
import { modelProblems } from './model-problems.ts';
import { pluginProblems } from './plugin-problems.ts';
import { strategyProblems } from './strategy-problems.ts';
import { unknownOptions } from './unknown-options.ts';
import { ruleProblems } from './rule-problems.ts';
import { numberProblems } from './value-problems.ts';

/** @throws ConfigurationError naming every mistake in `options`, each with its place. */
export function validateOptions(options: GatewayOptions): void {
  const problems = optionProblems(options);
  if (problems.length > 0) throw new ConfigurationError(problems);
}

/** Every mistake in `options`. */
export function optionProblems(options: GatewayOptions): readonly ConfigurationProblem[] {
  const { bodyLimitBytes, fileLimitBytes, timeoutMs, idleTimeoutMs, maxAnswerBytes } = options;
  return [
    ...unknownOptions(options),
    ...accessProblems(options),
    ...entryProblems(options),
    ...managementProblems(options),
    ...modelProblems(options),
    ...strategyProblems(options),
    ...ruleProblems('parameterRules', options.parameterRules),
    ...mediaProblems(options.media),
    ...pluginProblems(options),
    ...numberProblems('health', { everyMs: options.health?.everyMs }, { atLeast: 1000 }),
    ...numberProblems('health', { timeoutMs: options.health?.timeoutMs }, { atLeast: 1 }),
    ...numberProblems('batches', { lookEveryMs: options.batches?.lookEveryMs === false ? undefined : options.batches?.lookEveryMs }, { atLeast: 10 }),
    ...numberProblems('batches', { overdueAfterMs: options.batches?.overdueAfterMs }, { atLeast: 0 }),
    ...numberProblems('', { bodyLimitBytes, fileLimitBytes, timeoutMs, idleTimeoutMs, maxAnswerBytes }, { atLeast: 1 }),
  ];
}
