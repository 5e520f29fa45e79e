import type { ProviderPackage } from '@sluice/core';
import { discoverOwnForm, ownFormProvider } from '@sluice/openai-wire';
import { ASSEMBLYAI } from './hosts/assemblyai.ts';
import { CARTESIA } from './hosts/cartesia.ts';
import { DEEPGRAM } from './hosts/deepgram.ts';
import { ELEVENLABS } from './hosts/elevenlabs.ts';
import { GLADIA } from './hosts/gladia.ts';
import { XAI_AUDIO } from './hosts/xai-audio.ts';

const HOSTS = [DEEPGRAM, ELEVENLABS, ASSEMBLYAI, GLADIA, CARTESIA, XAI_AUDIO];

/** For discovery in a host's dependencies, and for configuration files. */
export const provider: ProviderPackage = {
  providers: HOSTS.map((form) => ownFormProvider(form)),
  discover: (env) => HOSTS.flatMap((form) => discoverOwnForm(env, form)),
};
