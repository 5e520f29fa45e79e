import type { Operation, Usage } from '../types/call.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import { estimateTokens, tokensIn } from './estimate.ts';

const CHARACTERS_SPOKEN_A_SECOND = 15;

/**
 * What a call has used when its provider does not say, told from the request and the answer, so that silence
 * is never free. Nothing for operations that cost nothing by themselves.
 */
export function assumedUsage(operation: Operation, request: ModelRequest, reply: JsonObject = {}): Usage | undefined {
  switch (operation) {
    case 'chat':
    case 'completions':
    case 'responses':
      return { inputTokens: estimateTokens(request), outputTokens: tokensIn(reply.choices ?? reply.output) };
    case 'embeddings':
      return { inputTokens: estimateTokens(request), outputTokens: 0 };
    case 'images.generate':
    case 'images.edit':
      return { inputTokens: 0, outputTokens: 0, images: Array.isArray(reply.data) ? reply.data.length : 1 };
    case 'audio.speech':
      return { inputTokens: 0, outputTokens: 0, characters: typeof request.input === 'string' ? [...request.input].length : 0 };
    case 'audio.transcribe':
    case 'audio.translate':
      return {
        inputTokens: 0,
        outputTokens: 0,
        seconds: typeof reply.duration === 'number' ? reply.duration : secondsOfSpeech(String(reply.text ?? '').length),
      };
    default:
      return undefined;
  }
}

/** How long it takes to say a text of so many characters, about. */
export function secondsOfSpeech(characters: number): number {
  return characters / CHARACTERS_SPOKEN_A_SECOND;
}
