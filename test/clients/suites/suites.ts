import type { ClientSuite } from '../feature.ts';
import { aiSdkFeatures } from './ai-sdk.ts';
import { instructorFeatures } from './instructor.ts';
import { langchainFeatures } from './langchain.ts';
import { openaiChat } from './openai-chat.ts';
import { openaiFailures } from './openai-failures.ts';
import { openaiFiles } from './openai-files.ts';
import { openaiMedia } from './openai-media.ts';

/** By the packages of a client, whose versions package.json pins. */
export const SUITES: readonly ClientSuite[] = [
  { packages: ['openai'], features: [...openaiChat, ...openaiMedia, ...openaiFiles, ...openaiFailures] },
  { packages: ['@langchain/openai'], features: langchainFeatures },
  { packages: ['ai', '@ai-sdk/openai-compatible'], features: aiSdkFeatures },
  { packages: ['@instructor-ai/instructor'], features: instructorFeatures },
];
