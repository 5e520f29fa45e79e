import { ConfigurationError, type GuardrailPackage } from '@sluice/core';
import { findProblems, type OptionCheck } from './find-problems.ts';
import { sampleNameGuardrail, type SampleNameGuardrailOptions } from './guardrail.ts';

const TEXT: OptionCheck = { isValid: (value) => typeof value === 'string' && value !== '', form: 'a text' };
const OPTIONS: Readonly<Record<keyof SampleNameGuardrailOptions, OptionCheck>> = { phrase: { ...TEXT, isRequired: true }, name: TEXT };

/** For configuration files that name this package. */
export const guardrail: GuardrailPackage = {
  create(options) {
    const problems = findProblems(options, OPTIONS);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return sampleNameGuardrail(options as SampleNameGuardrailOptions);
  },
};
