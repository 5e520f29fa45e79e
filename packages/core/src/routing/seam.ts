import type { Continues } from '../types/continues.ts';

/**
 * Where one answer goes on with another: takes out of the second what the first has told already. Only what is certain
 * to be a repetition: the whole of what was sent, where the provider says it all again, and the white space at its end,
 * which was not sent.
 */
export class Seam {
  readonly #sent: string;
  #echo: string;
  #tail: string;

  constructor(told: string, continues: Continues) {
    this.#sent = told.trimEnd();
    this.#echo = continues === 'whole' ? this.#sent : '';
    this.#tail = told.slice(this.#sent.length);
  }

  /** What of `piece` is new. What may yet turn out to be a repetition is kept until it is known. */
  take(piece: string): string {
    if (this.#echo !== '' && this.#echo.startsWith(piece)) {
      this.#echo = this.#echo.slice(piece.length);
      return '';
    }
    const repeated = this.#echo !== '' && piece.startsWith(this.#echo) ? piece.slice(this.#echo.length) : `${this.#kept()}${piece}`;
    this.#echo = '';
    return this.#withoutTail(repeated);
  }

  /** What was kept, now that nothing more comes. */
  rest(): string {
    const kept = this.#echo === '' ? '' : this.#kept();
    this.#echo = '';
    return this.#withoutTail(kept);
  }

  /** What looked like a repetition and was none. */
  #kept(): string {
    return this.#echo === '' ? '' : this.#sent.slice(0, this.#sent.length - this.#echo.length);
  }

  #withoutTail(text: string): string {
    let at = 0;
    while (at < text.length && at < this.#tail.length && text[at] === this.#tail[at]) at += 1;
    this.#tail = at === text.length ? this.#tail.slice(at) : '';
    return text.slice(at);
  }
}
