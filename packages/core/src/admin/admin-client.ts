import type { InputOf, OutputOf } from './admin-route.ts';
import { ADMIN_ROUTES, type AdminContract, type AdminRouteName } from './contract.ts';

export type AdminClientOptions = {
  /** Where the gateway is mounted, such as `https://llm.example.com/ai`. */
  readonly baseUrl: string;
  /** The master key, or a key of somebody who may manage. */
  readonly apiKey?: string;
  /** More headers for every call, such as a session of the host's. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the global one. `gateway.fetch` needs no socket. */
  readonly fetch?: (input: string, init?: RequestInit) => Promise<Response>;
};

type FamilyOf<Name extends string> = Name extends `${infer Family}.${string}` ? Family : never;
type MemberOf<Name extends string, Family extends string> = Name extends `${Family}.${infer Member}` ? Member : never;
/** An input of which nothing is required may be left out. */
type Arguments<Input> = Record<never, never> extends Input ? [input?: Input] : [input: Input];

/** What may be asked for as CSV is a text then. */
type Method<Input, Output> = Input extends { readonly format?: infer Format }
  ? 'json' extends Format
    ? { (input: Input & { readonly format: 'csv' }): Promise<string>; (input?: Input & { readonly format?: 'json' }): Promise<Output> }
    : (...args: Arguments<Input>) => Promise<Output>
  : (...args: Arguments<Input>) => Promise<Output>;

/** A method for every management route: `admin.key.generate({ … })`. */
export type AdminClient = {
  readonly [Family in FamilyOf<AdminRouteName>]: {
    readonly [Member in MemberOf<AdminRouteName, Family>]: Method<
      InputOf<AdminContract[`${Family}.${Member}` & AdminRouteName]>,
      OutputOf<AdminContract[`${Family}.${Member}` & AdminRouteName]>
    >;
  };
};

/** What a gateway refused or failed at, with the code it gave. */
export class AdminError extends Error {
  override readonly name = 'AdminError';
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;

  constructor(status: number, { message, code, param }: { readonly message: string; readonly code: string; readonly param?: string | null }) {
    super(message);
    this.status = status;
    this.code = code;
    this.param = param ?? undefined;
  }
}

/**
 * Manages keys, users, teams and so on of a running gateway. Its methods throw AdminError.
 *
 * @example
 * const admin = adminClient({ baseUrl: 'http://127.0.0.1:4000', apiKey: masterKey });
 * const { key } = await admin.key.generate({ team_id: 'finance', max_budget: 10 });
 */
export function adminClient(options: AdminClientOptions): AdminClient {
  const client: Record<string, Record<string, unknown>> = {};
  for (const name of Object.keys(ADMIN_ROUTES) as AdminRouteName[]) {
    const at = name.indexOf('.');
    (client[name.slice(0, at)] ??= {})[name.slice(at + 1)] = (input: Readonly<Record<string, unknown>> = {}) => send(options, name, input);
  }
  return client as AdminClient;
}

async function send(
  { baseUrl, apiKey, headers, fetch = globalThis.fetch }: AdminClientOptions,
  name: AdminRouteName,
  input: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const { method, path } = ADMIN_ROUTES[name];
  const rest = { ...input };
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, param: string) => {
    const value = String(rest[param]);
    delete rest[param];
    return encodeURIComponent(value);
  });
  const response = await fetch(`${baseUrl.replace(/\/+$/, '')}${filled}${method === 'GET' ? toQuery(rest) : ''}`, {
    method,
    headers: {
      ...(apiKey !== undefined && { authorization: `Bearer ${apiKey}` }),
      ...(method !== 'GET' && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(method !== 'GET' && { body: JSON.stringify(rest) }),
  });
  if (!response.ok) throw await toError(response);
  return response.headers.get('content-type')?.startsWith('application/json') ? response.json() : response.text();
}

function toQuery(input: Readonly<Record<string, unknown>>): string {
  const asked = Object.entries(input).filter(([, value]) => value !== undefined && value !== null);
  const query = new URLSearchParams(asked.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return query === '' ? '' : `?${query}`;
}

async function toError(response: Response): Promise<AdminError> {
  const text = await response.text();
  try {
    return new AdminError(response.status, (JSON.parse(text) as { error: { message: string; code: string; param: string | null } }).error);
  } catch {
    return new AdminError(response.status, { message: `The gateway answered with status ${response.status}`, code: 'unknown' });
  }
}
