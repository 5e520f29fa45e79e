import { z } from 'zod';
import { count, flag, names, positive, share, text } from './values.ts';

const stream = z.union(
  [
    z.enum(['buffer', 'observe']).transform((mode) => ({ mode })),
    z.strictObject({ window: count }).transform(({ window }) => ({ mode: 'window' as const, characters: window })),
  ],
  { error: 'expected buffer, observe or { window: CHARACTERS }' },
);

const MODES = ['pre_call', 'post_call'] as const;
const mode = z.enum(MODES, { error: 'expected pre_call, post_call or both in a list' });

/** The parameters of a guardrail that are ours to read; the others are the guardrail's options. */
export const guardrailParams = z.looseObject({
  guardrail: text.describe("The package: `keywords` for `@sluice/guardrail-keywords` or `sluice-guardrail-keywords`, or a package's whole name"),
  mode: mode.or(z.array(mode).min(1)).describe('`pre_call` judges questions, `post_call` answers'),
  default_on: flag.describe('Default `true`; `false` leaves it to the mounts whose policy names it').optional(),
  stream: stream.describe("Sluice's own: how streams are judged. Default `{ window: 256 }`").optional(),
  on_error: z.enum(['closed', 'open']).describe("Sluice's own: what its failure means. Default `closed`").optional(),
});

export const guardrails = z.array(
  z.strictObject({
    guardrail_name: text.describe('Names it in policies and refusals'),
    litellm_params: guardrailParams.describe('The package and its options'),
  }),
);

/** The short form: switches in place of a list. */
export const guardrailSwitches = z.strictObject({
  hide_secrets: flag.describe('`true`: credentials are hidden in requests').optional(),
  banned_keywords: names.describe('Same as `litellm_settings.banned_keywords_list`').optional(),
  enable_content_moderation: flag.describe('`true`: requests are judged by `general_settings.moderation_model`').optional(),
  moderation_confidence_threshold: share.describe('Same as `litellm_settings.moderation_confidence_threshold`').optional(),
});

export type GuardrailSwitches = z.infer<typeof guardrailSwitches>;

export const media = z.strictObject({
  fetch: flag.describe('Default `true`: from public addresses; `false`: not at all').optional(),
  allow_hosts: names.describe('Hosts (`name` or `name:port`) that may be fetched from though they are not public').optional(),
  max_size_mb: positive.describe('All that is fetched for one call. Default 20').optional(),
  timeout: positive.describe('Seconds that this may take. Default 15').optional(),
});

export const database = z.strictObject({
  url: text.describe('`postgres://…`, or the path of a file that is made when it is not there, such as `.sluice/ledger.db`'),
  journal_dir: text.describe('Folder of the journal that calls are in until the database has them. Default `.sluice/journal`').optional(),
  fsync: flag.describe('`true` waits for the disk at each call').optional(),
  keep_calls_days: positive.describe('Single calls older than this are deleted, and their sums kept. Default: for good').optional(),
});

export const credentialList = z.array(
  z.strictObject({
    credential_name: text.describe('By which it is named'),
    credential_values: z
      .record(text, z.unknown())
      .describe('`litellm_params` that it stands for, such as `api_key` and `api_base`; those of an entry go before them'),
    credential_info: z.record(z.string(), z.unknown()).describe('For whoever reads it').optional(),
  }),
);

export const store = text.or(z.looseObject({ store: text }));
export const sinks = z.array(text.or(z.looseObject({ sink: text })));
export const identities = z.array(text.or(z.looseObject({ identity: text })));
export const plugins = z.array(text.or(z.looseObject({ plugin: text })));

export type GuardrailEntry = z.infer<typeof guardrails>[number];
export type PackageEntry = string | { readonly [option: string]: unknown };
