import { type Deployment, revealed, type Secret } from '@sluice/core';
import { type Environment, firstSet } from '@sluice/openai-wire';

/** What one place says of how to get in, and for whom: a deployment, the options of a provider, or the environment. */
export type WatsonxSettings = {
  /** Of IBM Cloud. It is exchanged for tokens. */
  readonly apiKey?: string | Secret | undefined;
  /** As somebody else has fetched it, of IBM Cloud or of a cluster of one's own. */
  readonly token?: string | Secret | undefined;
  /** `username:key` in base64, of a cluster of one's own. */
  readonly zenApiKey?: string | Secret | undefined;
  /** Where keys are exchanged. Default `https://iam.cloud.ibm.com/identity/token`. */
  readonly iamUrl?: string | undefined;
  readonly projectId?: string | undefined;
  readonly spaceId?: string | undefined;
};

/** A deployment's, in its `options` by the names that configuration files have for them. */
export function settingsOf({ apiKey, options = {} }: Deployment): WatsonxSettings {
  return {
    apiKey,
    token: options.watsonx_token as string | Secret | undefined,
    projectId: revealed(options.project_id ?? options.watsonx_project),
    spaceId: revealed(options.space_id ?? options.watsonx_space_id),
  };
}

/** The environment's, by the names of IBM's own client and LiteLLM's. */
export function settingsIn(env: Environment): WatsonxSettings {
  return {
    apiKey: firstSet(env, ['WATSONX_APIKEY', 'WATSONX_API_KEY', 'WATSONX_AI_APIKEY', 'WX_API_KEY']),
    token: firstSet(env, ['WATSONX_TOKEN', 'WATSONX_AI_BEARER_TOKEN', 'WX_TOKEN']),
    zenApiKey: firstSet(env, ['WATSONX_ZENAPIKEY']),
    iamUrl: firstSet(env, ['WATSONX_IAM_URL']),
    projectId: firstSet(env, ['WATSONX_PROJECT_ID', 'WATSONX_AI_PROJECT_ID', 'WX_PROJECT_ID']),
    spaceId: firstSet(env, ['WATSONX_DEPLOYMENT_SPACE_ID', 'WATSONX_SPACE_ID', 'WATSONX_AI_SPACE_ID', 'WX_SPACE_ID']),
  };
}
