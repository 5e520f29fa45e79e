import { type ProviderPackage, secret } from '@sluice/core';
import { firstSet } from '@sluice/openai-wire';
import { KEY_VARIABLES, nlpCloud } from './nlp-cloud.ts';

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [nlpCloud()],
  discover(env) {
    const key = firstSet(env, KEY_VARIABLES);
    return key === undefined ? [] : [{ provider: nlpCloud({ env }), deployment: { apiKey: secret(key) } }];
  },
};
