import type { ProviderPackage } from '@sluice/core';
import { sagemaker, sagemakerChat } from './sagemaker.ts';

/** For configuration files. Keys of AWS in the environment do not tell that there are endpoints: nothing is discovered. */
export const provider: ProviderPackage = {
  providers: [sagemakerChat(), sagemaker()],
  discover: () => [],
};
