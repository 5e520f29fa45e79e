/** Names that configurations may still hold, of hosts that cannot be called any more, or not by this way; and what to do instead. */
export const CLOSED_HOSTS: Readonly<Record<string, string>> = {
  anthropic_text: "Anthropic's text completions belong to models that are gone: use 'anthropic', which chats.",
  anyscale: "Anyscale closed its shared endpoints on 1 August 2024. Endpoints of one's own there speak OpenAI's API: use 'openai_like' with their address.",
  palm: "Google closed PaLM in favour of Gemini: use 'gemini'.",
  petals:
    "Petals is a network of volunteers that is joined by a Python library; its one HTTP server is a demonstration. A server of one's own is 'openai_like'.",
};
