import { ConfigurationError, type SinkPackage } from '@sluice/core';
import { findProblems, type OptionCheck } from './find-problems.ts';
import { sampleNameSink, type SampleNameSinkOptions } from './sink.ts';

const TEXT: OptionCheck = { isValid: (value) => typeof value === 'string' && value !== '', form: 'a text' };
const COUNT: OptionCheck = { isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0, form: 'a whole number over 0' };
const URL_CHECK: OptionCheck = { isValid: (value) => typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value), form: 'an http(s) address' };
const OPTIONS: Readonly<Record<keyof SampleNameSinkOptions, OptionCheck>> = { url: { ...URL_CHECK, isRequired: true }, timeoutMs: COUNT, name: TEXT };

/** For configuration files that name this package. */
export const sink: SinkPackage = {
  create(options) {
    const problems = findProblems(options, OPTIONS);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return sampleNameSink(options as SampleNameSinkOptions);
  },
};
