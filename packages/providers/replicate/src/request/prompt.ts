import { type ChatMessage, type JsonObject, unsupportedParameter } from '@sluice/core';

/**
 * A conversation as the one prompt that language models on Replicate take, with the instructions apart. A question alone
 * is the prompt; more turns than one are written down with who said what, and the model is to go on as the assistant.
 */
export function toPrompt(messages: readonly ChatMessage[], provider: string): JsonObject {
  const said = messages.map((message, index) => ({ role: message.role, text: textOf(message, index, provider) }));
  const system = said.filter(({ role }) => role === 'system' || role === 'developer').map(({ text }) => text);
  const turns = said.filter(({ role }) => role === 'user' || role === 'assistant');
  const [only] = turns;
  const isQuestion = turns.length === 1 && only?.role === 'user';
  return {
    prompt: isQuestion ? only.text : [...turns.map(({ role, text }) => `${role === 'user' ? 'User' : 'Assistant'}: ${text}`), 'Assistant:'].join('\n\n'),
    ...(system.length > 0 && { system_prompt: system.join('\n\n') }),
  };
}

function textOf({ role, content, tool_calls: calls }: ChatMessage, index: number, provider: string): string {
  const place = `messages[${index}]`;
  if (role === 'tool' || role === 'function' || calls?.length) throw unsupportedParameter(place, provider, 'a prompt holds no tool calls and no results');
  if (typeof content === 'string') return content;
  return (content ?? [])
    .map(({ type, text }, part) => {
      if ((type === 'text' || type === 'input_text') && typeof text === 'string') return text;
      throw unsupportedParameter(
        `${place}.content[${part}].type`,
        provider,
        "a prompt is text; what else a model reads has an input of its own, such as 'image'",
      );
    })
    .join('\n');
}
