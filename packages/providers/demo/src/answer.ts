import type { JsonObject } from '@sluice/core';
import { toChunks, toCompletion } from './chat-wire.ts';
import type { Composed } from './compose-answer.ts';
import type { DemoCall } from './mapping.ts';
import { embeddings, images, moderations, speech, transcription } from './other-answers.ts';
import { readPages, rerank, tokenCount } from './retrieval-answers.ts';
import { response, responseEvents } from './response-wire.ts';
import { textChunks, textCompletion } from './text-wire.ts';

export type Given =
  | { readonly kind: 'json'; readonly body: JsonObject }
  | { readonly kind: 'events'; readonly events: readonly JsonObject[] }
  | { readonly kind: 'bytes'; readonly contentType: string; readonly bytes: Uint8Array };

/** What is said, in the form that the operation has for it. */
export function answer({ operation, request, formBytes }: DemoCall, composed: Composed): Given {
  const isStream = request.stream === true;
  switch (operation) {
    case 'chat':
      return isStream ? events(toChunks(request, composed)) : json(toCompletion(request, composed));
    case 'completions':
      return isStream ? events(textChunks(request, composed)) : json(textCompletion(request, composed));
    case 'responses':
      return isStream ? events(responseEvents(request, composed)) : json(response(request, composed));
    case 'embeddings':
      return json(embeddings(request));
    case 'moderations':
      return json(moderations(request));
    case 'images.generate':
    case 'images.edit':
      return json(images(request));
    case 'audio.speech':
      return { kind: 'bytes', contentType: 'audio/wav', bytes: speech() };
    case 'audio.transcribe':
    case 'audio.translate':
      return json(transcription(formBytes));
    case 'rerank':
      return json(rerank(request));
    case 'ocr':
      return json(readPages(request));
    case 'tokens.count':
      return json(tokenCount(request));
  }
}

function json(body: JsonObject): Given {
  return { kind: 'json', body };
}

function events(list: readonly JsonObject[]): Given {
  return { kind: 'events', events: list };
}
