import { addressProblem, CLAIM_RULE_CHECKS, type ConfigurationProblem, OPTION, type OptionCheck, optionProblems } from '@sluice/core';
import { tenantProblems } from './microsoft.ts';
import type { OidcOptions } from './options.ts';
import { isPathHere } from './return-to.ts';

const SHORTEST_SECRET = 32;
const isSecret = (value: unknown): boolean => typeof value === 'string' && value.length >= SHORTEST_SECRET;
const aPath: OptionCheck = { isValid: isPathHere, form: 'a path such as /ui, up to 1,024 characters as browsers send them (%C3%BC for ü)' };
/** Under the limits of timers, and of what browsers keep. */
const aWhile: OptionCheck = {
  ...OPTION.milliseconds,
  isValid: (value) => typeof value === 'number' && value >= 60_000 && value <= 400 * 86_400_000,
  form: 'milliseconds, from a minute to 400 days',
};

const OPTIONS: Readonly<Record<keyof OidcOptions, OptionCheck>> = {
  ...CLAIM_RULE_CHECKS,
  name: { isValid: (value) => typeof value === 'string' && /^[\w-]+$/.test(value), form: 'letters, digits, _ and -' },
  issuer: { ...OPTION.text, isRequired: 'name who people log in at, such as https://id.example.com' },
  clientId: { ...OPTION.text, isRequired: 'the issuer gives it to who registers the gateway' },
  clientSecret: OPTION.text,
  baseUrl: { ...OPTION.text, isRequired: 'name where browsers find the gateway, such as https://ai.example.com' },
  secret: {
    isValid: (value) => isSecret(value) || (Array.isArray(value) && value.length > 0 && value.every(isSecret)),
    form: `a text of at least ${SHORTEST_SECRET} characters that nobody can guess, or a list of them`,
    isRequired: `sessions are sealed with it; \`openssl rand -base64 ${SHORTEST_SECRET}\` makes one`,
  },
  path: { isValid: (value) => typeof value === 'string' && /^(?:\/[\w.~-]+)+$/.test(value), form: 'a path such as /sso' },
  scopes: { isValid: (value) => OPTION.texts.isValid(value) && (value as string[]).includes('openid'), form: 'a list of texts, with openid among them' },
  parameters: {
    isValid: (value) => OPTION.fields.isValid(value) && Object.entries(value as object).every(([name, one]) => OPTION.text.isValid(one) && !SET_HERE.has(name)),
    form: 'texts by name, and none of those that every login has',
  },
  trustsEmails: OPTION.flag,
  sessionMs: aWhile,
  idleMs: aWhile,
  loginsPerMinute: OPTION.count,
  afterLogin: aPath,
  afterLogout: { isValid: (value) => typeof value === 'string' && URL.canParse(value) && /^https?:/.test(value), form: 'a whole address' },
  clockToleranceMs: OPTION.milliseconds,
  timeoutMs: {
    ...OPTION.milliseconds,
    isValid: (value) => typeof value === 'number' && value >= 100 && value <= 60_000,
    form: 'milliseconds, from 100 to 60,000',
  },
  allowHttp: OPTION.flag,
};

/** What the login says itself, each time otherwise. */
const SET_HERE = new Set([
  'client_id',
  'redirect_uri',
  'response_type',
  'response_mode',
  'scope',
  'state',
  'nonce',
  'code_challenge',
  'code_challenge_method',
  'request',
  'request_uri',
]);

/** Anybody may have an account there. */
const OPEN_TO_ALL = new Set(['accounts.google.com']);

/** Every mistake in the options, each with its place. */
export function findProblems(options: OidcOptions): ConfigurationProblem[] {
  const problems = optionProblems(options, OPTIONS);
  return [
    ...problems,
    ...(problems.length > 0 ? [] : [...addressProblems(options), ...tenantProblems(options), ...peopleProblems(options), ...timeProblems(options)]),
  ];
}

function addressProblems({ issuer, baseUrl, allowHttp }: OidcOptions): ConfigurationProblem[] {
  const { search, hash } = URL.canParse(issuer) ? new URL(issuer) : new URL('x:');
  const base = URL.canParse(baseUrl) ? new URL(baseUrl) : undefined;
  return [
    ...Object.entries({ issuer, baseUrl }).flatMap(([place, address]) => {
      const message = addressProblem(address, allowHttp);
      return message === undefined ? [] : [{ place, message }];
    }),
    ...(search + hash === '' ? [] : [{ place: 'issuer', message: 'It has to be an address without a query.' }]),
    ...(base && base.search + base.hash !== '' ? [{ place: 'baseUrl', message: 'It has to be an address without a query.' }] : []),
  ];
}

function peopleProblems({ issuer, makesUsers, allowedEmailDomains, allowedRoles }: OidcOptions): ConfigurationProblem[] {
  if (!makesUsers || allowedEmailDomains || allowedRoles || !URL.canParse(issuer) || !OPEN_TO_ALL.has(new URL(issuer).hostname)) return [];
  return [{ place: 'allowedEmailDomains', message: 'is missing: anybody may have an account at this issuer, and would be made a user here.' }];
}

function timeProblems({ sessionMs = Infinity, idleMs = 0 }: OidcOptions): ConfigurationProblem[] {
  return idleMs <= sessionMs ? [] : [{ place: 'idleMs', message: 'It has to be no longer than `sessionMs`.' }];
}
