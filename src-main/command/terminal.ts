import { text } from 'node:stream/consumers';
import { isatty } from 'node:tty';
import { read } from 'read';
import { Fault } from '../base/fault.ts';
import type { Words } from '../contract/words.ts';

/** Where a command speaks: words for people go to stderr, results for programs to stdout. */
export interface Terminal {
  /** Whether a person sits there and sees what is drawn. */
  readonly interactive: boolean;
  say(words: Words): void;
  line(text: string): void;
  /** As it is, with its own colours. Only for what was made here. */
  draw(drawing: string): void;
  /** A result: one JSON object on a line with --json, otherwise `shown`. */
  result(value: object, shown: string): void;
  /** A secret: typed unseen, or everything on standard input. Rejects with `config_invalid` when it is empty. */
  secret(name: Words): Promise<string>;
}

export function openTerminal({ json }: { json: boolean }): Terminal {
  const interactive = isatty(process.stdin.fd) && isatty(process.stderr.fd);
  const draw = (drawing: string) => void process.stderr.write(`${drawing}\n`);
  const line = (words: string) => draw(plain(words));
  return {
    interactive,
    draw,
    line,
    say: ({ zh, en }) => line(zh === en ? zh : `${zh}\n${en}`),
    result: (value, shown) => {
      if (json) process.stdout.write(`${JSON.stringify(value)}\n`);
      else if (shown !== '') process.stdout.write(`${plain(shown)}\n`);
    },
    secret: async (name) => {
      const given = interactive
        ? await read({ prompt: `${name.zh} / ${name.en}: `, silent: true, output: process.stderr })
        : await text(process.stdin);
      const secret = given.trim();
      if (secret !== '') return secret;
      throw new Fault('config_invalid', {
        words: { zh: `${name.zh}为空，请从标准输入提供。`, en: `The ${name.en} is empty. Give it on standard input.` },
      });
    },
  };
}

/** Names come from elsewhere: what they hold must not steer the terminal. */
function plain(words: string): string {
  return words.replaceAll(/[^\P{C}\n\t]/gu, '');
}
