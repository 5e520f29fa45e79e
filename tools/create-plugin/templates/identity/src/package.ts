import { ConfigurationError, type IdentityPackage } from '@sluice/core';
import { findProblems, type OptionCheck } from './find-problems.ts';
import { sampleNameIdentity, type SampleNameIdentityOptions } from './identity.ts';

const TEXT: OptionCheck = { isValid: (value) => typeof value === 'string' && value !== '', form: 'a text' };
const COUNT: OptionCheck = { isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0, form: 'a whole number over 0' };
const URL_CHECK: OptionCheck = { isValid: (value) => typeof value === 'string' && /^https?:/.test(value) && URL.canParse(value), form: 'an http(s) address' };
const OPTIONS: Readonly<Record<keyof SampleNameIdentityOptions, OptionCheck>> = {
  url: { ...URL_CHECK, isRequired: true },
  prefix: TEXT,
  timeoutMs: COUNT,
  name: TEXT,
};

/** For configuration files that name this package. */
export const identity: IdentityPackage = {
  create(options) {
    const problems = findProblems(options, OPTIONS);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return sampleNameIdentity(options as SampleNameIdentityOptions);
  },
};
