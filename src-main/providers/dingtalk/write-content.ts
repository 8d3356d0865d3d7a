import type { DingtalkCall } from './dingtalk-call.ts';
import { Refusal } from './refusal.ts';
import { appendContent, overwriteContent } from './requests.ts';
import { mostCharacters, splitMarkdown } from './split-markdown.ts';

export type WriteMode = 'overwrite' | 'append';

/** Content as DingTalk takes it. Throws a Refusal when the call may not make that many requests. */
export function partsOf(call: DingtalkCall, content: string, othersNeeded: number): string[] {
  const parts = splitMarkdown(content);
  if (parts.length + othersNeeded <= call.left) return parts;
  const most = Math.max(0, call.left - othersNeeded);
  throw new Refusal({
    meaning: 'unknown',
    words: {
      zh: `内容要分 ${parts.length} 段写入，一次调用最多写 ${most} 段，什么都没有写。请分几次写入，每次不超过 ${most * mostCharacters} 个字符。`,
      en: `The content needs ${parts.length} requests and one call may write ${most}; nothing was written. Write it in several calls of at most ${most * mostCharacters} characters.`,
    },
  });
}

export interface Writing {
  id: string;
  parts: readonly string[];
  mode: WriteMode;
  /** A document that was just created takes no content at first. */
  fresh: boolean;
}

/** Writes the parts in their order. A Refusal says how many were written when it was not all or none. */
export async function writeContent(call: DingtalkCall, { id, parts, mode, fresh }: Writing): Promise<void> {
  for (const [index, part] of parts.entries()) {
    try {
      const overwrites = mode === 'overwrite' && index === 0;
      const write = () =>
        call.send((operator) =>
          overwrites ? overwriteContent(operator, id, part) : appendContent(operator, id, part),
        );
      await (fresh && index === 0 ? whenReady(call, write) : write());
    } catch (thrown) {
      if (index === 0 || !(thrown instanceof Refusal)) throw thrown;
      throw partly(thrown, index, parts.length);
    }
  }
}

const readyMs = 1000;
const readyTries = 3;

async function whenReady(call: DingtalkCall, write: () => Promise<unknown>): Promise<void> {
  for (let tries = 1; ; tries += 1) {
    await call.pause(readyMs);
    try {
      await write();
      return;
    } catch (thrown) {
      if (!(thrown instanceof Refusal) || thrown.meaning !== 'missing' || tries > readyTries) throw thrown;
    }
  }
}

/** What is left is nobody's fault but ours to tell: the code of the refusal would say that nothing happened. */
function partly({ words }: Refusal, written: number, all: number): Refusal {
  return new Refusal({
    meaning: 'unknown',
    words: {
      zh: `内容共 ${all} 段，已写入前 ${written} 段，其余没有写入；请不要整篇重写，先读取文档再补上。${words.zh}`,
      en: `${written} of ${all} parts were written, the rest was not. Do not write it all again: read the document, then add what is missing. ${words.en}`,
    },
  });
}
