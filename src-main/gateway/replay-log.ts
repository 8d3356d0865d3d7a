/** One message of a stream, as it went out. */
export interface Frame {
  seq: number;
  text: string;
}

/** The last frames of a session's streams, so that a client whose stream broke can have them again. Bounded in bytes. */
export class ReplayLog {
  readonly #maxBytes: number;
  readonly #frames: { stream: string; frame: Frame }[] = [];
  #bytes = 0;

  constructor(maxBytes: number) {
    this.#maxBytes = maxBytes;
  }

  keep(stream: string, frame: Frame): void {
    this.#frames.push({ stream, frame });
    this.#bytes += frame.text.length;
    while (this.#bytes > this.#maxBytes) {
      const oldest = this.#frames.shift();
      if (!oldest) break;
      this.#bytes -= oldest.frame.text.length;
    }
  }

  /** Frames of `stream` after `seq`, oldest first. */
  after(stream: string, seq: number): Frame[] {
    return this.#frames.filter((kept) => kept.stream === stream && kept.frame.seq > seq).map((kept) => kept.frame);
  }

  forget(stream: string): void {
    const rest = this.#frames.filter((kept) => kept.stream !== stream);
    this.#frames.splice(0, this.#frames.length, ...rest);
    this.#bytes = rest.reduce((bytes, kept) => bytes + kept.frame.text.length, 0);
  }
}
