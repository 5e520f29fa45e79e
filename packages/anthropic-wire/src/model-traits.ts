import type { Deployment } from '@sluice/core';

/** What a model can be asked for, as far as that differs between models. */
export type ModelTraits = {
  /** Takes `output_config.format` with a JSON schema, and strict tools. */
  readonly hasStructuredOutput: boolean;
  /** How thinking is asked for: by an effort, by a budget of tokens, or not at all. */
  readonly thinking: 'adaptive' | 'budget' | 'none';
  /** Goes on with a message of the assistant that ends the conversation. From 4.6 on that is refused. */
  readonly hasPrefix: boolean;
  /** Takes `temperature`, `top_p` and `top_k`. */
  readonly hasSampling: boolean;
};

/** `claude-sonnet-4-5-20250929`, `claude-opus-4.6`, `claude-opus-5`; and as it was before: `claude-3-7-sonnet-latest`. */
const NEW_NAME = /claude-[a-z]+-(\d+)(?:[-.](\d{1,2}))?(?!\d)/;
const OLD_NAME = /claude-(?:v|instant-)?(\d+)(?:[-.](\d{1,2}))?(?!\d)/;

/**
 * Read from the name: no answer tells. A Claude of unknown name is taken for a new one; what is not a Claude, as behind
 * hosts that only speak its language, for one that has what all of them have.
 */
export function traitsOf({ model, baseModel = model }: Pick<Deployment, 'model' | 'baseModel'>): ModelTraits {
  const name = baseModel.toLowerCase();
  if (!name.includes('claude')) return { hasStructuredOutput: false, thinking: 'budget', hasPrefix: true, hasSampling: true };
  const version = versionOf(name);
  return {
    hasStructuredOutput: version >= 405 || (version === 401 && name.includes('opus')),
    thinking: version >= 406 ? 'adaptive' : version >= 307 ? 'budget' : 'none',
    hasPrefix: version < 406,
    hasSampling: version < 407,
  };
}

/** 405 for 4.5. */
function versionOf(name: string): number {
  const [, major, minor = '0'] = OLD_NAME.exec(name) ?? NEW_NAME.exec(name) ?? [];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major) * 100 + Number(minor);
}
