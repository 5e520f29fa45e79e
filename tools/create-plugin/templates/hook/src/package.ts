import { ConfigurationError, type PluginPackage } from '@sluice/core';
import { findProblems, type OptionCheck } from './find-problems.ts';
import { sampleNameHook, type SampleNameHookOptions } from './hook.ts';

const COUNT: OptionCheck = { isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0, form: 'a whole number over 0' };
const OPTIONS: Readonly<Record<Exclude<keyof SampleNameHookOptions, 'onEnd'>, OptionCheck>> = { maxMessages: { ...COUNT, isRequired: true } };

/** For configuration files that name this package. */
export const plugin: PluginPackage = {
  create(options) {
    const problems = findProblems(options, OPTIONS);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return sampleNameHook(options as SampleNameHookOptions);
  },
};
