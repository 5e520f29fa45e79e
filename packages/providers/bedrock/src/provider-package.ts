import type { ProviderPackage } from '@sluice/core';
import { bedrock } from './bedrock.ts';

/** What says that somebody may call AWS from here, one of them enough. */
const CREDENTIALS: readonly (readonly string[])[] = [
  ['AWS_BEARER_TOKEN_BEDROCK'],
  ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'],
  ['AWS_PROFILE'],
  ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'],
  ['AWS_CONTAINER_CREDENTIALS_RELATIVE_URI'],
  ['AWS_CONTAINER_CREDENTIALS_FULL_URI'],
];
const REGIONS = ['AWS_REGION_NAME', 'AWS_REGION', 'AWS_DEFAULT_REGION'];
/** Makers, and the regions and scopes of inference profiles. */
const PREFIXES = ['anthropic', 'amazon', 'meta', 'mistral', 'cohere', 'us', 'eu', 'apac', 'jp', 'au', 'ca', 'us-gov', 'global'];

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: [bedrock()],
  discover(env) {
    const isSet = (name: string): boolean => Boolean(env[name]);
    if (!CREDENTIALS.some((names) => names.every(isSet)) || !REGIONS.some(isSet)) return [];
    return [{ provider: bedrock({ env }), deployment: {}, models: ['amazon.nova-lite-v1:0', ...PREFIXES.map((prefix) => `${prefix}.*`)] }];
  },
};
