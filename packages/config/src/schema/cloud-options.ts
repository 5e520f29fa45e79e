import { text } from './values.ts';

/** Options of a deployment in a cloud, by LiteLLM's names for them. */
export const cloudOptions = {
  aws_region_name: text.describe('Where in AWS. Default: what the model or the address says, then `AWS_REGION`').optional(),
  aws_access_key_id: text.describe('Keys to sign with. Default: `AWS_ACCESS_KEY_ID`, then what the machine holds').optional(),
  aws_secret_access_key: text.describe('The other half of the pair').optional(),
  aws_session_token: text.describe('Of a session, with its keys').optional(),
  aws_profile_name: text.describe('A profile of the shared files of AWS').optional(),
  aws_role_name: text.describe('The ARN of a role to take on').optional(),
  aws_session_name: text.describe('What the session of that role is called').optional(),
  aws_external_id: text.describe('Asked for by roles of other accounts').optional(),
  aws_web_identity_token: text.describe('A token that stands for the role').optional(),
  aws_sts_endpoint: text.describe('Where roles are taken on').optional(),
  aws_bedrock_runtime_endpoint: text.describe('Where Bedrock answers, as `api_base`').optional(),
  model_id: text.describe('Of Bedrock: goes into the address in place of the model, such as the ARN of a profile').optional(),
  api_version: text.describe('Of Azure: a date calls the surface of deployments; else the v1 surface is called').optional(),
  azure_ad_token: text.describe('A token of Entra ID, in place of a key').optional(),
  tenant_id: text.describe('Of an application that fetches tokens of Entra ID').optional(),
  client_id: text.describe('The application').optional(),
  client_secret: text.describe('Its secret').optional(),
  project_id: text.describe('Of watsonx.ai: the project that models are called for. Default: `WATSONX_PROJECT_ID`').optional(),
  space_id: text.describe('Of watsonx.ai: a space in place of the project. Default: `WATSONX_DEPLOYMENT_SPACE_ID`').optional(),
  watsonx_project: text.describe('Same as `project_id`').optional(),
  watsonx_space_id: text.describe('Same as `space_id`').optional(),
  watsonx_region: text.describe("A region of IBM's cloud, where there is no `api_base`. Default: `WATSONX_REGION`").optional(),
  watsonx_token: text.describe('A token of watsonx.ai, in place of a key').optional(),
  azure_scope: text.describe('What the token is for. Default: `https://cognitiveservices.azure.com/.default`').optional(),
};

export const CLOUD_OPTIONS = Object.keys(cloudOptions) as readonly (keyof typeof cloudOptions)[];

export const CLOUD_SECRETS = ['aws_secret_access_key', 'aws_session_token', 'aws_web_identity_token', 'azure_ad_token', 'client_secret', 'watsonx_token'];
