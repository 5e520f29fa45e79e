import type { Deployment } from '@sluice/core';
import { type Family, readModelName } from './model-name.ts';

/** What a model can be asked for, as far as that differs between models. */
export type ModelTraits = {
  readonly family: Family;
  /** How thinking is asked for: Claude's effort or budget, Nova's effort, OpenAI's effort, or not at all. */
  readonly thinking: 'adaptive' | 'budget' | 'nova' | 'effort' | 'none';
  /** What a caller can demand of it: one tool by its name, any tool, or none. */
  readonly forces: 'tool' | 'any' | 'none';
};

const FORCES: Readonly<Record<Family, ModelTraits['forces']>> = {
  claude: 'tool',
  nova: 'tool',
  mistral: 'any',
  openai: 'any',
  other: 'any',
  llama: 'none',
  cohere: 'none',
  titan: 'none',
};

/** Read from the name: no answer tells. https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolChoice.html */
export function traitsOf(deployment: Deployment): ModelTraits {
  const { family } = readModelName(deployment);
  return { family, forces: FORCES[family], thinking: thinkingOf(family, (deployment.baseModel ?? deployment.model).toLowerCase()) };
}

function thinkingOf(family: Family, model: string): ModelTraits['thinking'] {
  switch (family) {
    case 'claude':
      return thinkingOfClaude(versionOf(model));
    case 'nova':
      return /nova-(?:[2-9]|\d{2})/.test(model) ? 'nova' : 'none';
    case 'openai':
      return 'effort';
    default:
      return 'none';
  }
}

function thinkingOfClaude(version: number): ModelTraits['thinking'] {
  if (version >= 406) return 'adaptive';
  return version >= 307 ? 'budget' : 'none';
}

/** `claude-3-7-sonnet-20250219`, `claude-sonnet-4-5-20250929`, `claude-v2`; a name that tells none is taken for a new one. */
const VERSION = /claude-(?:v|instant-v)?(?:[a-z]+-)?(\d+)(?:[-.](\d{1,2}))?(?!\d)/;

/** 405 for 4.5. */
function versionOf(model: string): number {
  const [, major, minor = '0'] = VERSION.exec(model) ?? [];
  return major === undefined ? Number.POSITIVE_INFINITY : Number(major) * 100 + Number(minor);
}
