import { anthropicHosts } from './hosts/anthropic.ts';
import { azureHosts } from './hosts/azure.ts';
import { bedrockHosts } from './hosts/bedrock.ts';
import { cohereHosts } from './hosts/cohere.ts';
import { googleHosts } from './hosts/google.ts';
import { huggingfaceHosts } from './hosts/huggingface.ts';
import { ollamaHosts } from './hosts/ollama.ts';
import { openaiHosts } from './hosts/openai.ts';
import { speechHosts } from './hosts/speech.ts';
import type { RecordedHost } from './replay/recorded-host.ts';

/** Every folder of recordings that a provider answers. */
export const HOSTS: readonly RecordedHost[] = [
  ...openaiHosts,
  ...anthropicHosts,
  ...googleHosts,
  ...bedrockHosts,
  ...azureHosts,
  ...cohereHosts,
  ...huggingfaceHosts,
  ...ollamaHosts,
  ...speechHosts,
];
