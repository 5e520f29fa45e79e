/** A kind of secret that begins with the same letters each time. */
export type TokenRule = {
  /** What is called by a word in a reason. */
  readonly kind: string;
  /** How it begins, one of these. */
  readonly starts: readonly string[];
  /** What follows, from where it begins. Every repetition has an upper bound, so that a look at one place takes constant time. */
  readonly form: RegExp;
  /** Words of people's look like this as well, but have no digit. */
  readonly hasDigit?: true;
  /** Most letters of `A-Za-z0-9_-` before a dot has to come: what is said of one beginning holds for all of its run. */
  readonly mostBeforeDot?: number;
};

/** The forms that those who give out keys describe, or that all their keys have. */
export const TOKEN_RULES: readonly TokenRule[] = [
  { kind: 'API key', starts: ['sk-'], form: /sk-[A-Za-z0-9_-]{16,250}/y, hasDigit: true },
  { kind: 'Stripe key', starts: ['sk_', 'rk_'], form: /[rs]k_(?:live|test|prod)_[A-Za-z0-9]{10,250}/y },
  { kind: 'AWS key', starts: ['AKIA', 'ASIA', 'ABIA', 'ACCA'], form: /A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}(?![A-Z0-9])/y },
  { kind: 'Google key', starts: ['AIza'], form: /AIza[\w-]{35}/y },
  { kind: 'Google token', starts: ['ya29.'], form: /ya29\.[\w-]{20,500}/y },
  { kind: 'GitHub token', starts: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'], form: /gh[pousr]_[A-Za-z0-9]{36,255}/y },
  { kind: 'GitHub token', starts: ['github_pat_'], form: /github_pat_\w{22,255}/y },
  { kind: 'GitLab token', starts: ['glpat-', 'gldt-', 'glrt-'], form: /gl(?:pat|dt|rt)-[\w-]{20,60}/y },
  { kind: 'Slack token', starts: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xapp-'], form: /x(?:ox[abprs]|app)-[\w-]{10,250}/y, hasDigit: true },
  { kind: 'Slack webhook', starts: ['hooks.slack.com/services/'], form: /hooks\.slack\.com\/services\/T\w{6,20}\/B\w{6,20}\/\w{16,40}/y },
  { kind: 'Hugging Face token', starts: ['hf_'], form: /hf_[A-Za-z0-9]{30,60}/y },
  { kind: 'Groq key', starts: ['gsk_'], form: /gsk_[A-Za-z0-9]{40,100}/y },
  { kind: 'API key', starts: ['xai-', 'pplx-', 'fw_', 'r8_', 'nvapi-', 'lsv2_'], form: /(?:xai-|pplx-|fw_|r8_|nvapi-|lsv2_)[\w-]{20,200}/y, hasDigit: true },
  { kind: 'SendGrid key', starts: ['SG.'], form: /SG\.[\w-]{22}\.[\w-]{43}/y },
  { kind: 'npm token', starts: ['npm_'], form: /npm_[A-Za-z0-9]{36}/y },
  { kind: 'PyPI token', starts: ['pypi-'], form: /pypi-[\w-]{50,500}/y },
  { kind: 'Shopify token', starts: ['shpat_', 'shpca_', 'shppa_', 'shpss_'], form: /shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{32}/y },
  { kind: 'Databricks token', starts: ['dapi'], form: /dapi[0-9a-f]{32}/y },
  { kind: 'DigitalOcean token', starts: ['dop_v1_', 'doo_v1_', 'dor_v1_'], form: /do[opr]_v1_[0-9a-f]{64}/y },
  { kind: 'Vault token', starts: ['hvs.', 'hvb.'], form: /hv[bs]\.[\w-]{24,300}/y },
  { kind: 'Twilio key', starts: ['SK'], form: /SK[0-9a-f]{32}(?![0-9a-f])/y },
  { kind: 'age key', starts: ['AGE-SECRET-KEY-1'], form: /AGE-SECRET-KEY-1[A-Z0-9]{58}/y },
  { kind: 'Azure storage key', starts: ['AccountKey='], form: /AccountKey=[A-Za-z0-9+/=]{40,100}/y },
  { kind: 'token of JSON', starts: ['eyJ'], form: /eyJ[\w-]{10,4000}\.(?:eyJ)?[\w-]{10,8000}(?:\.[\w-]{0,2000})?/y, mostBeforeDot: 4003 },
  // As long as the longest token of JSON, at least: what is found here is not looked at again.
  { kind: 'bearer token', starts: ['Bearer ', 'bearer '], form: /[Bb]earer [\w.~+/=-]{20,16384}/y, hasDigit: true },
];
