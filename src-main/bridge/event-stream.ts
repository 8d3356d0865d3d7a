/** One event of a stream: its id and its data, which is a message, where it has them. */
export interface StreamEvent {
  id: string | undefined;
  data: string | undefined;
  /** Milliseconds to wait before coming back. */
  retry: number | undefined;
}

/** Reads an event stream (WHATWG HTML, 9.2.6) as it comes in. A half event at its end counts as none. */
export async function* readEvents(chunks: AsyncIterable<string>): AsyncGenerator<StreamEvent> {
  let block: string[] = [];
  for await (const line of readLines(chunks)) {
    if (line !== '') {
      block.push(line);
      continue;
    }
    const event = readBlock(block);
    block = [];
    if (event) yield event;
  }
}

/** A line may come in hundreds of chunks: they are joined once. */
async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string> {
  let parts: string[] = [];
  let held = '';
  for await (const chunk of chunks) {
    const text = held + chunk;
    // A carriage return at the end may be half of a line's end.
    held = text.endsWith('\r') ? '\r' : '';
    const lines = text.slice(0, text.length - held.length).split(/\r\n|\r|\n/);
    parts.push(lines[0] ?? '');
    for (const line of lines.slice(1)) {
      yield parts.join('');
      parts = [line];
    }
  }
}

function readBlock(lines: readonly string[]): StreamEvent | undefined {
  const event: StreamEvent = { id: undefined, data: undefined, retry: undefined };
  let name = 'message';
  for (const line of lines) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/s.exec(line) ?? [];
    if (field === 'data') event.data = event.data === undefined ? value : `${event.data}\n${value}`;
    else if (field === 'id') event.id = value;
    else if (field === 'event') name = value;
    else if (field === 'retry' && /^\d+$/.test(value)) event.retry = Number(value);
  }
  return name === 'message' ? event : undefined;
}
