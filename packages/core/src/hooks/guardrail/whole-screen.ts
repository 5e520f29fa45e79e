import { screenValue } from './screen-value.ts';
import { joined, type TextScreen, type TextScreenOptions } from './text-screen.ts';

/** Holds a tool's arguments until they are whole, and then judges them as the JSON they are. */
export function wholeScreen({ guardrail, bench, place }: Omit<TextScreenOptions, 'cut'>): TextScreen {
  let held = '';
  return {
    push(text) {
      held = joined(held, text);
      return '';
    },
    async flush() {
      const text = held;
      held = '';
      return text === '' ? '' : (await screenValue({ arguments: text }, [guardrail], bench, [place])).arguments;
    },
  };
}
