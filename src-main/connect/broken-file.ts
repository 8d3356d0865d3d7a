import { Fault } from '../base/fault.ts';

/** Where in a text something is, both counted from 1. */
export interface Position {
  line: number;
  column: number;
}

/** Why a configuration file is left as it is. */
export type Breakage = 'syntax' | 'comment' | 'duplicate' | 'shape' | 'encoding' | 'inline_table' | 'unsafe';

const reasons: Readonly<Record<Breakage, { zh: string; en: string }>> = {
  syntax: { zh: '格式有错误', en: 'is broken' },
  comment: {
    zh: '有注释或多余的逗号，而该客户端只接受严格的 JSON',
    en: 'holds a comment or an extra comma, and this client reads strict JSON only',
  },
  duplicate: { zh: '同一个键出现了两次', en: 'has the same key twice' },
  shape: { zh: '这里应该是一个对象（表）', en: 'should hold an object (a table) here' },
  encoding: { zh: '不是 UTF-8 文本', en: 'is not UTF-8 text' },
  inline_table: {
    zh: '把服务器写在一个行内表里，无法再添加一个；请改写成 [mcp_servers.名称] 的形式',
    en: 'keeps its servers in one inline table, to which none can be added; write them as [mcp_servers.NAME] tables',
  },
  unsafe: { zh: '的写法无法安全地修改', en: 'is written in a way that cannot be changed safely' },
};

/** A configuration file cannot be changed, and was not. `file` is put in by whoever knows it. */
export class BrokenFile extends Error {
  override readonly name = 'BrokenFile';
  readonly breakage: Breakage;
  readonly position: Position | undefined;

  constructor(breakage: Breakage, position?: Position, cause?: unknown) {
    super(breakage, { cause });
    this.breakage = breakage;
    this.position = position;
  }

  toFault(file: string): Fault {
    const { zh, en } = reasons[this.breakage];
    const { position } = this;
    const at = position && {
      zh: `第 ${position.line} 行第 ${position.column} 列：`,
      en: ` (line ${position.line}, column ${position.column})`,
    };
    return new Fault('config_invalid', {
      words: {
        zh: `${file} ${at?.zh ?? ''}${zh}。文件没有改动，请修正后重试。`,
        en: `${file} ${en}${at?.en ?? ''}. The file was not changed. Mend it and try again.`,
      },
      details: { file, breakage: this.breakage, ...position },
      cause: this,
    });
  }
}

export function positionAt(text: string, offset: number): Position {
  const before = text.slice(0, offset);
  const lineStart = before.lastIndexOf('\n') + 1;
  return { line: before.split('\n').length, column: offset - lineStart + 1 };
}
