import { GatewayError } from '../../errors/gateway-error.ts';

export type Path = readonly (string | number)[];

/** A text inside a JSON value, or a field name that is more than a name. `text` is replaced as guardrails redact it. */
export type FoundText = { readonly path: Path; readonly isName: boolean; text: string };

export type FoundTexts = {
  readonly texts: FoundText[];
  /** Parts of one message, which a model reads as one text. */
  readonly joined: FoundText[][];
};

const DEEPEST = 100;

/** Each text is a call of a guardrail, and with some of them a call across the network. */
const MOST_TEXTS = 20_000;

/** Fields that hold words of the protocol. What does not look like such a word is judged in them as well. */
const PROTOCOL_FIELDS: ReadonlySet<string> = new Set(
  (
    'model role type id object status finish_reason tool_call_id call_id item_id response_id encoding_format format response_format detail effort reasoning_effort ' +
    'voice size quality style background moderation output_format input_fidelity service_tier modalities mime_type media_type system_fingerprint provider ' +
    'tool_choice truncation verbosity strict stream include timestamp_granularities language'
  ).split(' '),
);
const PROTOCOL_WORD = /^[\w.:/@+-]{0,128}$/;

/** Fields that hold bytes. What is not base64 is judged in them as well. */
const BYTE_FIELDS =
  /^(?:url|image_url|document_url|data|file_data|image_base64|image|audio|embedding|signature|thought_signature|encrypted_content|obfuscation|b64_json|.*_b64)$/;
const DATA_URL_HEAD = /^data:[\w.+/;=-]{0,200},/;
const BASE64 = /^[A-Za-z0-9+/_=-]*$/;

/** In answers not texts, but the tokens of texts that stand beside them. */
const TOKEN_FIELDS: ReadonlySet<string> = new Set(['logprobs', 'top_logprobs']);

/** A property name of a tool's schema is read by the model: one that could be prose is judged. */
const PLAIN_NAME = /^[\w.$:/@-]{0,64}$/;

export type Scope = {
  /** Numbers as well: a card number may be one. */
  readonly withNumbers?: boolean;
  /** The fields that hold tokens in an answer as well: in other values they are fields like any other. */
  readonly withTokens?: boolean;
};

/**
 * Every text in a value, wherever it stands.
 * @throws GatewayError `invalid_request` for what is nested too deep or holds too many.
 */
export function findTexts(value: unknown, base: Path = [], { withNumbers = false, withTokens = false }: Scope = {}): FoundTexts {
  const found: FoundTexts = { texts: [], joined: [] };

  function add(text: FoundText): void {
    if (found.texts.length >= MOST_TEXTS)
      throw new GatewayError('invalid_request', `The JSON holds over ${MOST_TEXTS} texts, more than guardrails judge at once`);
    found.texts.push(text);
  }

  function visit(node: unknown, path: Path, field: string): void {
    if (path.length - base.length > DEEPEST)
      throw new GatewayError('invalid_request', `The JSON is nested deeper than ${DEEPEST} levels, which guardrails do not follow`);
    if (typeof node === 'string') {
      if (node !== '' && !isOpaque(node, field)) add({ path, isName: false, text: node });
    } else if (typeof node === 'number') {
      if (withNumbers) add({ path, isName: false, text: String(node) });
    } else if (Array.isArray(node)) {
      visitList(node, path, field);
    } else if (node !== null && typeof node === 'object' && !ArrayBuffer.isView(node)) {
      for (const name of Object.keys(node)) visitField(node as Readonly<Record<string, unknown>>, path, name);
    }
  }

  function visitField(node: Readonly<Record<string, unknown>>, path: Path, name: string): void {
    if (node[name] === undefined || (!withTokens && TOKEN_FIELDS.has(name))) return;
    const at = [...path, name];
    visit(node[name], at, name);
    if (!PLAIN_NAME.test(name)) add({ path: at, isName: true, text: name });
  }

  function visitList(list: readonly unknown[], path: Path, field: string): void {
    const parts: FoundText[] = [];
    for (let index = 0; index < list.length; index += 1) {
      const item = list[index];
      if (typeof item === 'number' && !withNumbers) continue;
      const before = found.texts.length;
      visit(item, [...path, index], field);
      const own = found.texts.slice(before).find((text) => text.path.length === path.length + 2 && text.path.at(-1) === 'text');
      if (own) parts.push(own);
    }
    if (parts.length > 1) found.joined.push(parts);
  }

  visit(value, base, String(base.at(-1) ?? ''));
  return found;
}

function isOpaque(text: string, field: string): boolean {
  if (PROTOCOL_FIELDS.has(field)) return PROTOCOL_WORD.test(text);
  if (!BYTE_FIELDS.test(field)) return false;
  const head = DATA_URL_HEAD.exec(text)?.[0];
  if (head === undefined && /url$/.test(field)) return false;
  return BASE64.test(head === undefined ? text : text.slice(head.length));
}

/** As people write it: `messages[2].content[0].text`. */
export function toPlace(path: Path): string {
  return path.reduce<string>((place, step) => (typeof step === 'number' ? `${place}[${step}]` : place === '' ? step : `${place}.${step}`), '');
}

export type TextEdit = {
  readonly isName?: boolean;
  /** As in {@link Scope}: leaves log probabilities where they are. */
  readonly withTokens?: boolean;
};

/** `value` with `text` in the place of what stands at `path`; everything beside the path is shared. */
export function withText(value: unknown, path: Path, text: string, edit: TextEdit = {}): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return text;
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === step ? withText(item, rest, text, edit) : item));
  const node = value as Readonly<Record<string, unknown>>;
  if (edit.isName && rest.length === 0) return Object.fromEntries(Object.entries(node).map(([name, item]) => [name === step ? text : name, item]));
  // What was redacted stands in the log probabilities too, token by token.
  const forgotten = edit.withTokens || node.logprobs === undefined || node.logprobs === null ? {} : { logprobs: null };
  return { ...node, ...forgotten, [step]: withText(node[step as string], rest, text, edit) };
}
