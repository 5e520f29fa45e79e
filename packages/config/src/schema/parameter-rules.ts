import type { ParameterRules } from '@sluice/core';
import type { z } from 'zod';
import { flag, names } from './values.ts';

/** Rules about parameters, for all deployments under `litellm_settings`, for one under its `litellm_params`. */
export const parameterRules = {
  drop_params: flag.describe('Leaves out parameters that the provider lacks, instead of refusing the call').optional(),
  additional_drop_params: names.describe('Taken out of every request, at any depth: `seed`, `tools[*].function.strict`').optional(),
  allowed_openai_params: names.describe('Parameters that go on as they are, although the provider is not known to have them').optional(),
  modify_params: flag.describe('Amends messages, tools and limits that the provider is known to refuse as they are').optional(),
};

type Written = { readonly [Name in keyof typeof parameterRules]?: z.infer<(typeof parameterRules)[Name]> };

/** The rules as the gateway names them; nothing where none is written. */
export function toParameterRules(written: Written): ParameterRules | undefined {
  const { drop_params: dropUnsupported, additional_drop_params: drop, allowed_openai_params: allow, modify_params: modify } = written;
  const rules = { dropUnsupported, drop, allow, modify };
  const given = Object.entries(rules).filter(([, value]) => value !== undefined);
  return given.length === 0 ? undefined : (Object.fromEntries(given) as ParameterRules);
}
