import { type Deployment, revealed, type Secret, secret } from '@sluice/core';

export type Environment = Readonly<Record<string, string | undefined>>;

/** What one place says of AWS: a deployment, the options of a provider, or the environment. */
export type AwsSettings = {
  readonly region?: string | undefined;
  /** Sent as a bearer, in place of a signature, where the service takes one. */
  readonly apiKey?: Secret | undefined;
  readonly accessKeyId?: string | undefined;
  readonly secretAccessKey?: string | Secret | undefined;
  readonly sessionToken?: string | Secret | undefined;
  readonly profile?: string | undefined;
  readonly roleArn?: string | undefined;
  readonly roleSessionName?: string | undefined;
  readonly externalId?: string | undefined;
  readonly webIdentityToken?: string | Secret | undefined;
  readonly stsEndpoint?: string | undefined;
};

/** A deployment's, in its `options` by the names that configuration files have for them. */
export function settingsOf({ apiKey, options = {} }: Deployment): AwsSettings {
  const text = (name: string): string | undefined => revealed(options[name]);
  return {
    apiKey,
    region: text('aws_region_name'),
    accessKeyId: text('aws_access_key_id'),
    secretAccessKey: text('aws_secret_access_key'),
    sessionToken: text('aws_session_token'),
    profile: text('aws_profile_name'),
    roleArn: text('aws_role_name'),
    roleSessionName: text('aws_session_name'),
    externalId: text('aws_external_id'),
    webIdentityToken: text('aws_web_identity_token'),
    stsEndpoint: text('aws_sts_endpoint'),
  };
}

/** The environment's, by AWS's own names. `bearerVariable` holds a key for this service only. Roles and profiles are the chain's to read. */
export function settingsIn(env: Environment, bearerVariable: string | undefined): AwsSettings {
  const key = bearerVariable === undefined ? undefined : env[bearerVariable];
  return {
    apiKey: key ? secret(key) : undefined,
    region: env.AWS_REGION_NAME || env.AWS_REGION || env.AWS_DEFAULT_REGION || undefined,
    accessKeyId: env.AWS_ACCESS_KEY_ID || undefined,
    secretAccessKey: env.AWS_SECRET_ACCESS_KEY || undefined,
    sessionToken: env.AWS_SESSION_TOKEN || undefined,
  };
}
