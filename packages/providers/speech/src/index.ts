export type { HostOptions } from '@sluice/openai-wire';
export { assemblyai } from './hosts/assemblyai.ts';
export { cartesia } from './hosts/cartesia.ts';
export { deepgram } from './hosts/deepgram.ts';
export { elevenlabs } from './hosts/elevenlabs.ts';
export { gladia } from './hosts/gladia.ts';
export { xaiAudio } from './hosts/xai-audio.ts';
export { provider } from './provider-package.ts';
