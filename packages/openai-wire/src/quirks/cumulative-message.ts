import { mapChoices, omit, type Quirk } from './quirk.ts';

const FINISHED = /"finish_reason"\s*:\s*"/;

/**
 * Every chunk repeats the whole `message` so far beside its `delta`, and the running usage; the last chunk calls
 * itself done, and no `[DONE]` follows. Whoever reads both doubles the text.
 *
 * https://docs.perplexity.ai/api-reference/chat-completions-post
 */
export const cumulativeMessage: Quirk = {
  toReply: (reply) => mapChoices(reply, (choice) => (choice.message && choice.delta ? omit(choice, 'delta') : choice)),
  chunks: {
    concerns: /"message"\s*:\s*\{/,
    mapper: () => (chunk) => {
      const plain = mapChoices({ ...chunk, object: 'chat.completion.chunk' }, (choice) => (choice.delta ? omit(choice, 'message') : choice));
      return [isFinished(chunk.choices) ? plain : omit(plain, 'usage')];
    },
  },
  isEnd: (data) => FINISHED.test(data) && isFinished((JSON.parse(data) as { choices?: unknown }).choices),
};

function isFinished(choices: unknown): boolean {
  return Array.isArray(choices) && choices.length > 0 && choices.every((choice: { finish_reason?: unknown }) => typeof choice.finish_reason === 'string');
}
