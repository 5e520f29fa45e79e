import { ConfigurationError, type StorePackage } from '@sluice/core';
import { findProblems, type OptionCheck } from './find-problems.ts';
import { sampleNameStore, type SampleNameStoreOptions } from './store.ts';

const COUNT: OptionCheck = { isValid: (value) => Number.isSafeInteger(value) && Number(value) > 0, form: 'a whole number over 0' };
const OPTIONS: Readonly<Record<Exclude<keyof SampleNameStoreOptions, 'now'>, OptionCheck>> = { maxValueBytes: COUNT };

/** For configuration files that name this package. */
export const store: StorePackage = {
  create(options) {
    const problems = findProblems(options, OPTIONS);
    if (problems.length > 0) throw new ConfigurationError(problems);
    return sampleNameStore(options as SampleNameStoreOptions);
  },
};
