import { z } from 'zod';
import { declaredLists } from './declared-lists.ts';
import { modelList } from './model-list.ts';
import { credentialList, database, guardrails, identities, media, plugins, sinks, store } from './own-keys.ts';
import { generalSettings, litellmSettings, routerSettings } from './settings.ts';
import { names } from './values.ts';

/** A configuration file, with every reference to the environment replaced. */
export const configFile = z.strictObject({
  model_list: modelList.describe('The models and where they are called. Default: the installed providers with credentials in the environment').optional(),
  router_settings: routerSettings.describe('Retries, fallbacks and aliases').optional(),
  litellm_settings: litellmSettings.describe('Cache, callbacks, budget').optional(),
  general_settings: generalSettings.describe('Keys and limits').optional(),
  environment_variables: z
    .record(z.string(), z.coerce.string())
    .describe("For `os.environ/NAME` in this file; goes before the process's environment")
    .optional(),
  guardrails: guardrails.describe('What judges questions and answers').optional(),
  keys: declaredLists.keys.describe("Sluice's own: virtual keys, with the names of LiteLLM's key objects").optional(),
  store: store
    .describe("Sluice's own: the package that keeps limits, budgets and the cache, by name, or `{ store: NAME, … }` with options. Default: this process")
    .optional(),
  database: database.describe("Sluice's own: where the ledger is kept, and who there is, by `@sluice/store-sql`").optional(),
  teams: declaredLists.teams.describe('Teams that there are; the API writes over them where there is a database').optional(),
  users: declaredLists.users.describe('Users, in the same way').optional(),
  organizations: declaredLists.organizations.describe('Organizations').optional(),
  projects: declaredLists.projects.describe('Projects of teams').optional(),
  customers: declaredLists.customers.describe('End users').optional(),
  budgets: declaredLists.budgets.describe('Budgets that several share').optional(),
  tags: declaredLists.tags.describe('Tags with limits or a budget').optional(),
  access_groups: declaredLists.access_groups.describe('Models under one name').optional(),
  credential_list: credentialList.describe('Credentials that entries of `model_list` name by `litellm_credential_name`').optional(),
  sinks: sinks.describe("Sluice's own: logger packages by name, or `{ sink: NAME, … }` with options").optional(),
  providers: names.describe("Sluice's own: provider packages beyond those in package.json").optional(),
  media: media.describe("Sluice's own: how images and documents named by address are fetched, for providers that take only bytes").optional(),
  identities: identities
    .describe("Sluice's own: packages that know callers by credentials of others, by name, or `{ identity: NAME, … }` with options")
    .optional(),
  plugins: plugins.describe("Sluice's own: packages that bring hooks, by name, or `{ plugin: NAME, … }` with options").optional(),
});

export type ConfigFile = z.infer<typeof configFile>;
