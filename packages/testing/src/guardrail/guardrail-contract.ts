import assert from 'node:assert/strict';
import type { Guardrail, GuardrailText, Verdict } from '@sluice/core';
import type { ContractCase } from '../store/store-contract.ts';

/** A fresh guardrail, and texts that it is known to allow and to find something in. */
export type GuardrailUnderTest = {
  readonly guardrail: Guardrail;
  /** Texts that are allowed, alone and one after the other. */
  readonly allowed: readonly string[];
  /** Texts that are found on their own, and between spaces in the middle of an allowed one. */
  readonly found: readonly string[];
};

export type MakeGuardrail = () => GuardrailUnderTest | Promise<GuardrailUnderTest>;

type Check = (made: GuardrailUnderTest) => Promise<void>;

const CASES: readonly (readonly [name: string, check: Check])[] = [
  ['has a plain name', async ({ guardrail }) => assert.match(guardrail.name, /^[\w.-]+$/)],
  [
    'allows what it should',
    async ({ guardrail, allowed }) => {
      for (const text of [...allowed, allowed.join(' '), '', ' ', '\n']) assert.equal((await ask(guardrail, text)).action, 'allow', JSON.stringify(text));
    },
  ],
  [
    'finds what it should, at the beginning, in the middle and at the end',
    async ({ guardrail, allowed: [clean = ''], found }) => {
      for (const text of found) {
        for (const whole of [text, `${text} ${clean}`, `${clean} ${text}`, `${clean} ${text} ${clean}`]) {
          assert.notEqual((await ask(guardrail, whole)).action, 'allow', JSON.stringify(whole));
        }
      }
    },
  ],
  [
    'finds nothing more in what it has redacted',
    async ({ guardrail, allowed: [clean = ''], found }) => {
      for (const text of found) {
        const whole = `${clean} ${text} ${clean} ${text}`;
        const verdict = await ask(guardrail, whole);
        if (verdict.action === 'redact') assert.notEqual((await ask(guardrail, redacted(whole, verdict))).action, 'redact');
      }
    },
  ],
  [
    'names places within the text, around what it found',
    async ({ guardrail, allowed: [clean = ''], found }) => {
      for (const text of found) {
        const whole = `${clean} ${text} ${clean}`;
        for (const { start, end } of placesOf(await ask(guardrail, whole))) {
          assert.ok(start < clean.length + 1 + text.length && end > clean.length + 1, `${start} to ${end} is elsewhere`);
        }
      }
    },
  ],
  [
    'does not report again what ends within the context',
    async ({ guardrail, allowed: [clean = ''], found }) => {
      for (const text of found) {
        const before = `${text} `;
        const verdict = await ask(guardrail, before + clean, before.length);
        assert.ok(verdict.action === 'allow' || (verdict.action === 'block' && verdict.span === undefined), `${verdict.action} for what was judged before`);
        const again = await ask(guardrail, `${before}${clean} ${text}`, before.length);
        assert.notEqual(again.action, 'allow', 'what follows the context is not found');
        for (const { end } of placesOf(again)) assert.ok(end > before.length);
      }
    },
  ],
  [
    'judges each text for itself, and many at a time',
    async ({ guardrail, allowed: [clean = ''], found: [text = ''] }) => {
      const texts = Array.from({ length: 40 }, (_, index) => (index % 2 === 0 ? clean : text));
      const actions = await Promise.all(texts.map(async (each) => (await ask(guardrail, each)).action === 'allow'));
      assert.deepEqual(
        actions,
        texts.map((each) => each === clean),
      );
    },
  ],
  [
    'takes any text: long, empty, broken or with nothing to be seen in it',
    async ({ guardrail }) => {
      for (const text of ['\ud800', '\u0000\u200b\ufeff', '\u{1f600}'.repeat(1000), 'a\u0301'.repeat(5000), ' '.repeat(100_000), '"\\'.repeat(1000)])
        await ask(guardrail, text);
    },
  ],
];

/**
 * Every rule that a guardrail keeps, as cases for any test runner.
 *
 * @example
 * for (const { name, run } of guardrailContract(() => ({ guardrail: mine(), allowed: ['fine'], found: ['bad'] }))) test(name, run);
 */
export function guardrailContract(make: MakeGuardrail): readonly ContractCase[] {
  return CASES.map(([name, check]) => ({ name, run: async () => check(await make()) }));
}

async function ask(guardrail: Guardrail, text: string, from = 0): Promise<Verdict> {
  const piece: GuardrailText = { text, from, direction: 'input', place: 'messages[0].content', signal: new AbortController().signal };
  const verdict = await guardrail.check(piece);
  assert.ok(['allow', 'redact', 'block'].includes(verdict.action), `'${String(verdict.action)}' is no action`);
  for (const { start, end } of placesOf(verdict))
    assert.ok(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && start < end && end <= text.length, `${start} to ${end} is outside the text`);
  if (verdict.action === 'block') assert.ok(verdict.reason.length > 0, 'a block has a reason');
  if (verdict.action === 'redact') assert.ok(verdict.edits.length > 0, 'a redaction has an edit');
  return verdict;
}

function placesOf(verdict: Verdict): readonly { readonly start: number; readonly end: number }[] {
  if (verdict.action === 'redact') return verdict.edits;
  return verdict.action === 'block' && verdict.span ? [verdict.span] : [];
}

function redacted(text: string, { edits }: Extract<Verdict, { action: 'redact' }>): string {
  return [...edits].sort((a, b) => b.start - a.start).reduce((rest, { start, end, replacement }) => rest.slice(0, start) + replacement + rest.slice(end), text);
}
