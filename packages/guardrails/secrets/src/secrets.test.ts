import { createGateway, type Verdict } from '@sluice/core';
import { demo } from '@sluice/provider-demo';
import { guardrailContract } from '@sluice/testing';
import { describe, expect, it } from 'vitest';
import { guardrail, secrets } from './index.ts';

/** Letters and digits as keys have them. None is a key of anybody's. */
function made(length: number, alphabet = 'aB3dE5gH7jK9mN1pQ2sT4vW6xY8z'): string {
  return Array.from({ length }, (_, index) => alphabet[(index * 7 + (index >> 3)) % alphabet.length]).join('');
}
const hex = (length: number) => made(length, '0a1b2c3d4e5f6789');

/** Put together, so that who looks for keys in files finds none here. */
const BEGIN = ['-----BEGIN', 'PRIVATE KEY-----'];
const PRIVATE_KEY = [BEGIN.join(' RSA '), ...Array.from({ length: 20 }, () => made(64)), '-----END RSA PRIVATE KEY-----'].join('\n');

const SECRETS: readonly (readonly [kind: string, secret: string])[] = [
  ['OpenAI', `sk-proj-${made(48)}`],
  ['Anthropic', `sk-ant-api03-${made(80)}`],
  ['Stripe', `sk_live_${made(24)}`],
  ['AWS', `AKIA${made(16, 'ABCDEFGH234567')}`],
  ['Google', `AIza${made(35)}`],
  ['GitHub', `ghp_${made(36)}`],
  ['GitHub, fine-grained', `github_pat_${made(60)}`],
  ['GitLab', `glpat-${made(20)}`],
  ['Slack', `xoxb-1234567890-${made(24)}`],
  ['Slack webhook', `hooks.slack.com/services/T${made(9)}/B${made(9)}/${made(24)}`],
  ['Hugging Face', `hf_${made(34)}`],
  ['SendGrid', `SG.${made(22)}.${made(43)}`],
  ['npm', `npm_${made(36)}`],
  ['Databricks', `dapi${hex(32)}`],
  ['Twilio', `SK${hex(32)}`],
  ['token of JSON', `eyJ${made(20)}.eyJ${made(60)}.${made(40)}`],
  ['private key', PRIVATE_KEY],
];

function hidden(text: string, options = {}): string {
  const verdict = secrets(options).check({ text, from: 0, direction: 'input', place: 'x', signal: new AbortController().signal }) as Verdict;
  if (verdict.action !== 'redact') return verdict.action === 'allow' ? text : verdict.action;
  return [...verdict.edits]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end), text);
}

describe('the guardrail keeps the contract', () => {
  it.each(
    guardrailContract(() => ({
      guardrail: secrets(),
      allowed: ['What is a key?', 'the task-force-of-the-year met', 'token: authentication is required', 'password: please choose a longer one'],
      found: SECRETS.map(([, secret]) => secret),
    })),
  )('$name', ({ run }) => run());
});

describe('it hides', () => {
  it.each(SECRETS)('%s, and nothing beside it', (_kind, secret) => {
    expect(hidden(`before ${secret} after`)).toBe('before [REDACTED] after');
    expect(hidden(`"${secret}",`)).toBe('"[REDACTED]",');
  });

  it.each([
    ['postgres://app:hunter2hunter@db.test/x', 'postgres://app:[REDACTED]@db.test/x'],
    [`DB_PASSWORD=${made(16)}`, 'DB_PASSWORD=[REDACTED]'],
    [`{"api_key": "${made(24)}"}`, '{"api_key": "[REDACTED]"}'],
    [`aws_secret_access_key = ${made(40)}`, 'aws_secret_access_key = [REDACTED]'],
    [`Authorization: Bearer ${made(40)}`, 'Authorization: [REDACTED]'],
  ])('what a name says is one: %s', (text, clean) => {
    expect(hidden(text)).toBe(clean);
  });

  it('a private key whose end is missing, as far as it goes', () => {
    expect(hidden(`see: ${PRIVATE_KEY.slice(0, 500)}`)).toBe('see: [REDACTED]');
    expect(hidden(JSON.stringify({ key: PRIVATE_KEY }))).toBe('{"key":"[REDACTED]"}');
  });

  it('a token at the start of a line in JSON', () => {
    const secret = `ghp_${made(36)}`;
    for (const end of ['\n', '\r', '\t']) expect(hidden(JSON.stringify(`a${end}${secret}`))).toBe(`${JSON.stringify(`a${end}`).slice(0, -1)}[REDACTED]"`);
    expect(hidden(`an${secret}`)).toBe(`an${secret}`);
  });

  it('the whole of a long token of a bearer', () => {
    expect(hidden(`Bearer eyJ${made(40)}.eyJ${made(7000)}.${made(340)} after`)).toBe('[REDACTED] after');
  });

  it('a token of JSON behind other beginnings of one, and another token among them', () => {
    const token = `eyJ${made(20)}.eyJ${made(60)}.${made(40)}`;
    const beginnings = '-eyJ'.repeat(2000);
    expect(hidden(`${beginnings} ${token}`)).toBe(`${beginnings} [REDACTED]`);
    expect(hidden(`${beginnings}-${token} after`)).toMatch(/^(-eyJ)+-\[REDACTED\] after$/);
    expect(hidden(`${beginnings}-AKIA${made(16, 'ABCDEFGH234567')}`)).toBe(`${beginnings}-[REDACTED]`);
  });

  it('the whole of a long value behind a name', () => {
    expect(hidden(`token=${made(280)} after`)).toBe('token=[REDACTED] after');
  });

  it('nothing that people write', () => {
    for (const text of [
      'skip-this-paragraph-and-the-next-one please',
      'https://example.test/a:b@c and mailto:a@b.test',
      'The password=required, the token: authentication, the secret: everybodyknowsit',
      `commit ${hex(40)} and id 3f2504e0-4f89-41d3-9a0c-0305e82c3301`,
      '-----BEGIN CERTIFICATE-----\nabc\n-----END CERTIFICATE-----',
      'const key: string = options.name; token = await next();',
    ])
      expect(hidden(text)).toBe(text);
  });

  it('what stands behind a name only where it is asked to', () => {
    const text = `DB_PASSWORD=${made(16)}`;
    expect(hidden(text, { assignments: false })).toBe(text);
  });
});

/** Four times what the slowest takes. Of time of the processor, which who else works there does not take from. */
const MOST_MS_A_MEGABYTE = 1000;

describe('it takes time that grows with the text and no faster (P60)', () => {
  const texts: readonly (readonly [string, string])[] = [
    ['beginnings of keys', 'sk-'],
    ['headers', BEGIN.join(' ')],
    ['headers of something else', '-----BEGIN '],
    ['addresses', '://a:'],
    ['assignments', 'token='],
    ['colons', '":"'],
    ['one long word', 'a'],
    ['a token of JSON without an end', 'eyJ'],
    ['beginnings of tokens of JSON', '-eyJ'],
    ['beginnings of tokens of JSON whose dot ends them', `${'-eyJ'.repeat(1000)}.;`],
    ['signs behind what may end a name', '1s:'],
    ['short names with long values', '1pwd='],
    ['names with random values', 'pwd=1a2B3c4D5e6F7g8H'],
    ['dots and digits', 'a.1.'],
    ['spaces', ' '],
  ];

  it.each(texts)('with %s', (_what, piece) => {
    const guard = secrets();
    const best = (length: number): number => {
      const text = piece.repeat(Math.ceil(length / piece.length));
      const times = Array.from({ length: 3 }, () => {
        const from = process.cpuUsage();
        void guard.check({ text, from: 0, direction: 'input', place: 'x', signal: new AbortController().signal });
        const { user, system } = process.cpuUsage(from);
        return (user + system) / 1000;
      });
      return Math.min(...times);
    };
    best(10_000);
    const megabyte = best(1_000_000);
    // A hundred times the text: only a quadratic defect takes more than twelve hundred times as long.
    expect(megabyte).toBeLessThan(Math.max(50, 1200 * best(10_000)));
    expect(megabyte).toBeLessThan(MOST_MS_A_MEGABYTE);
  });
});

describe('in a gateway', () => {
  const models = [
    { name: 'assistant', deployments: [{ id: 'demo', provider: 'demo', model: 'demo', options: { mock_response: `The key is sk-${made(40)}, keep it.` } }] },
  ];
  const open = (on: readonly ('input' | 'output')[], records: unknown[] = []) =>
    createGateway({
      providers: [demo()],
      models,
      auth: false,
      recordMessages: true,
      guardrails: [{ guardrail: secrets({ longestFinding: 128 }), on }],
      sinks: [{ name: 'list', write: (batch) => void records.push(...batch) }],
    });

  it('no secret leaves with a request, whatever part of it holds one', async () => {
    const records: unknown[] = [];
    const gateway = open(['input'], records);
    const secret = `ghp_${made(36)}`;
    await gateway.chat.completions.create({
      model: 'assistant',
      messages: [
        { role: 'system', content: `use ${secret}` },
        { role: 'user', content: [{ type: 'text', text: `or ${secret}` }] },
        { role: 'assistant', content: null, tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: JSON.stringify({ secret }) } }] },
        { role: 'tool', tool_call_id: 'c', content: secret },
      ],
    } as never);
    await gateway.close();
    expect(JSON.stringify(records)).not.toContain(secret);
    expect(JSON.stringify(records).match(/\[REDACTED\]/g)).toHaveLength(4);
  });

  it('none comes with a streamed answer, in however many pieces it came', async () => {
    const gateway = open(['output']);
    let text = '';
    for await (const { choices } of await gateway.chat.completions.create({ model: 'assistant', stream: true, messages: [{ role: 'user', content: 'hi' }] }))
      text += choices[0]?.delta.content ?? '';
    await gateway.close();
    expect(text).toBe('The key is [REDACTED], keep it.');
  });

  it('a request that holds one is refused where that was asked for, and the refusal names its kind and not it', async () => {
    const guardrails = [{ guardrail: secrets({ action: 'block' }), on: ['input'] as const }];
    const gateway = createGateway({ providers: [demo()], models, auth: false, guardrails });
    const asked = gateway.chat.completions.create({ model: 'assistant', messages: [{ role: 'user', content: `AKIA${made(16, 'ABCDEFGH234567')}` }] });
    await expect(asked).rejects.toMatchObject({ code: 'guardrail_blocked', message: "The request was blocked by 'secrets': it holds a secret (AWS key)" });
    await gateway.close();
  });
});

it('is made from a configuration file, and tells its mistakes', () => {
  expect(guardrail.create({}).name).toBe('secrets');
  expect(() => guardrail.create({ action: 'mask', replacment: 'x' })).toThrow(/action: .*'redact' or 'block'[^]*Did you mean 'replacement'/);
});
