import { sha256 } from '../../base/digest.ts';

type Alphabet = 'hex' | 'base36' | 'decimal' | 'uuid';

/** How Feishu's ids look. */
const shapes = {
  chat: ['oc_', 32, 'hex'],
  message: ['om_', 32, 'hex'],
  thread: ['omt_', 16, 'hex'],
  batchMessage: ['bm-', 32, 'hex'],
  file: ['', 27, 'base36'],
  base: ['bascn', 22, 'base36'],
  table: ['tbl', 14, 'base36'],
  view: ['vew', 8, 'base36'],
  field: ['fld', 8, 'base36'],
  record: ['rec', 12, 'base36'],
  option: ['opt', 8, 'base36'],
  document: ['doxcn', 22, 'base36'],
  block: ['doxblk', 21, 'base36'],
  folder: ['fldcn', 22, 'base36'],
  media: ['boxcn', 22, 'base36'],
  spreadsheet: ['shtcn', 22, 'base36'],
  sheet: ['', 6, 'hex'],
  ticket: ['', 19, 'decimal'],
  space: ['7', 18, 'decimal'],
  node: ['wikcn', 22, 'base36'],
  calendar: ['feishu.cn_', 22, 'base36', '@group.calendar.feishu.cn'],
  event: ['', 0, 'uuid', '_0'],
  room: ['omm_', 32, 'hex'],
  image: ['img_v3_', 32, 'hex'],
  attachment: ['file_v3_', 32, 'hex'],
  upload: ['', 19, 'decimal'],
  mail: ['', 24, 'base36'],
  task: ['', 0, 'uuid'],
  tasklist: ['', 0, 'uuid'],
  reminder: ['', 9, 'decimal'],
} as const satisfies Record<string, readonly [prefix: string, length: number, alphabet: Alphabet, suffix?: string]>;

export type IdKind = keyof typeof shapes;

/** The id that a name always leads to. */
export function makeId(kind: IdKind, name: string): string {
  const [prefix, length, alphabet, suffix = ''] = shapes[kind];
  const hex = sha256(`${kind}/${name}`);
  return prefix + spell[alphabet](hex, length) + suffix;
}

const spell: Record<Alphabet, (hex: string, length: number) => string> = {
  hex: (hex, length) => hex.slice(0, length),
  base36: (hex, length) => BigInt(`0x${hex}`).toString(36).slice(0, length),
  decimal: (hex, length) => BigInt(`0x${hex}`).toString(10).slice(0, length),
  uuid: (hex) => [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join('-'),
};
