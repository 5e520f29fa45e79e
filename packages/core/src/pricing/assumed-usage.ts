import type { Operation } from '../types/call.ts';
import type { Usage } from '../types/usage.ts';
import type { ModelRequest } from '../types/chat.ts';
import type { JsonObject } from '../types/json.ts';
import type { Price } from '../types/model.ts';
import { estimateTokens, tokensIn } from './estimate.ts';
import { rerankTokens, searchUnits } from './search-units.ts';

const CHARACTERS_PER_TOKEN = 4;
const CHARACTERS_SPOKEN_A_SECOND = 15;
/** Models count from 10 to 32. */
const TOKENS_A_SECOND = 20;
/** What the token-priced image models draw one picture with at most. */
export const TOKENS_PER_IMAGE = 6300;

/**
 * What a call has used when its provider does not say, told from the request and the answer, so that silence
 * is never free. Pictures and sound are counted in tokens as well where `price` has no price for the piece.
 * Nothing for operations that cost nothing by themselves.
 */
export function assumedUsage(operation: Operation, request: ModelRequest, price: Price | undefined, reply: JsonObject = {}): Usage | undefined {
  switch (operation) {
    case 'chat':
    case 'completions':
    case 'responses':
      return { inputTokens: estimateTokens(request), outputTokens: tokensIn(reply.choices ?? reply.output) };
    case 'embeddings':
      return { inputTokens: estimateTokens(request), outputTokens: 0 };
    case 'images.generate':
    case 'images.edit':
      return picturesUsage(Array.isArray(reply.data) ? reply.data.length : 1, request, price);
    case 'audio.speech':
      return speechUsage(request, price);
    case 'audio.transcribe':
    case 'audio.translate': {
      const characters = String(reply.text ?? '').length;
      return transcriptUsage(characters, price, typeof reply.duration === 'number' ? reply.duration : undefined);
    }
    case 'rerank':
      return { inputTokens: price?.perSearchUnit ? 0 : rerankTokens(request), outputTokens: 0, searchUnits: searchUnits(request) };
    case 'ocr':
      return pagesUsage(Array.isArray(reply.pages) ? reply.pages : [], request, price);
    default:
      return undefined;
  }
}

/** Pages are annotated where the caller asks for it. */
function pagesUsage(read: readonly unknown[], request: ModelRequest, price: Price | undefined): Usage {
  const isAnnotated = Boolean(request.document_annotation_format ?? request.bbox_annotation_format);
  const pages = { pages: read.length, ...(isAnnotated && { annotatedPages: read.length }) };
  if (!price || price.perPage) return { inputTokens: 0, outputTokens: 0, ...pages };
  return { inputTokens: estimateTokens(request), outputTokens: tokensIn(read), ...pages };
}

/** What a transcript of so many characters has used; its length tells that of the recording, unless `seconds` is known. */
export function transcriptUsage(characters: number, price: Price | undefined, seconds = characters / CHARACTERS_SPOKEN_A_SECOND): Usage {
  if (!price || price.perSecond) return { inputTokens: 0, outputTokens: 0, seconds };
  const heard = Math.ceil(seconds * TOKENS_A_SECOND);
  return { inputTokens: heard, audioInputTokens: heard, outputTokens: Math.ceil(characters / CHARACTERS_PER_TOKEN), seconds };
}

function picturesUsage(images: number, request: ModelRequest, price: Price | undefined): Usage {
  if (!price || price.perImage) return { inputTokens: 0, outputTokens: 0, images };
  const drawn = images * TOKENS_PER_IMAGE;
  return { inputTokens: estimateTokens(request), outputTokens: drawn, imageOutputTokens: drawn, images };
}

function speechUsage(request: ModelRequest, price: Price | undefined): Usage {
  const characters = typeof request.input === 'string' ? [...request.input].length : 0;
  if (!price || price.perCharacter) return { inputTokens: 0, outputTokens: 0, characters };
  const spoken = Math.ceil((characters / CHARACTERS_SPOKEN_A_SECOND) * TOKENS_A_SECOND);
  return { inputTokens: estimateTokens(request), outputTokens: spoken, audioOutputTokens: spoken, characters };
}
