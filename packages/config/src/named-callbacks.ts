import type { ConfigFile } from './schema/config-file.ts';
import type { Path } from './yaml-source.ts';

type Known = { readonly kind: 'sink' | 'guardrail'; readonly package: string };

/** LiteLLM's names of callbacks, where the package has another one or judges instead of listening. */
const KNOWN: Readonly<Record<string, Known>> = {
  langfuse_otel: { kind: 'sink', package: 'langfuse' },
  prometheus_system: { kind: 'sink', package: 'prometheus' },
  hide_secrets: { kind: 'guardrail', package: 'secrets' },
  llamaguard_moderations: { kind: 'guardrail', package: 'llamaguard' },
  openai_moderations: { kind: 'guardrail', package: 'moderation' },
};

/** The same for `guardrail:` in the list of guardrails. */
export const GUARDRAIL_PACKAGES: Readonly<Record<string, string>> = {
  'hide-secrets': 'secrets',
  hide_secrets: 'secrets',
  llamaguard_moderations: 'llamaguard',
  openai_moderation: 'moderation',
};

export type Callback = Known & { readonly name: string; readonly path: Path };

const FIELDS = ['callbacks', 'success_callback', 'failure_callback', 'service_callback', 'service_callbacks'] as const;

/** Every callback that a file names, each package once: they are told all calls here, whichever list they stand in. */
export function callbacksOf(file: ConfigFile): Callback[] {
  const { litellm_settings: litellm = {}, general_settings: general = {} } = file;
  const named = (['litellm_settings', 'general_settings'] as const).flatMap((section) =>
    FIELDS.flatMap((field) => {
      const names = (file[section] as Readonly<Record<string, unknown>> | undefined)?.[field];
      return ((names as readonly string[] | undefined) ?? []).map((name, index) => toCallback(name, [section, field, index]));
    }),
  );
  const all = [
    ...named,
    ...(litellm.enable_prometheus_metrics ? [toCallback('prometheus', ['litellm_settings', 'enable_prometheus_metrics'])] : []),
    ...(general.alerting ?? []).map((name, index) => toCallback(name, ['general_settings', 'alerting', index])),
  ].filter(({ name }) => name !== 'banned_keywords' || !litellm.banned_keywords_list);
  return all.filter((one, index) => all.findIndex((other) => other.kind === one.kind && other.package === one.package) === index);
}

function toCallback(name: string, path: Path): Callback {
  return { ...(KNOWN[name] ?? { kind: 'sink', package: name }), name, path };
}
