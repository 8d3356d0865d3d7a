import type { Readable, Writable } from 'node:stream';

/** The lines of a stream. One that is longer than `most` bytes comes as undefined, and is not kept in memory. */
export async function* readLines(input: Readable, most: number): AsyncGenerator<string | undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  for await (const chunk of input) {
    let rest = Buffer.isBuffer(chunk) ? chunk : Buffer.from(String(chunk));
    for (let end = rest.indexOf(10); end >= 0; end = rest.indexOf(10)) {
      const line = rest.subarray(0, end);
      yield size + line.length > most ? undefined : Buffer.concat([...parts, line]).toString('utf8');
      parts = [];
      size = 0;
      rest = rest.subarray(end + 1);
    }
    size += rest.length;
    if (size > most) parts = [];
    else parts.push(rest);
  }
}

/** Writes messages a line each. Resolves when there is room for the next one, so that nobody is flooded. */
export class LineWriter {
  readonly #output: Writable;
  #room: Promise<void> | undefined;

  constructor(output: Writable) {
    this.#output = output;
  }

  /** `text` is JSON; its line breaks, which can only stand between tokens, go. */
  async write(text: string): Promise<void> {
    const line = /[\r\n]/.test(text) ? text.replaceAll(/[\r\n]+/g, ' ') : text;
    if (!this.#output.write(`${line}\n`)) this.#room ??= this.#drained();
    await this.#room;
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.#output.off('drain', done);
        this.#output.off('close', done);
        this.#room = undefined;
        resolve();
      };
      this.#output.once('drain', done);
      this.#output.once('close', done);
    });
  }
}
