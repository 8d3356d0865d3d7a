import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Fault, fieldFault } from '../../base/fault.ts';
import type { ToolEntry } from '../provider.ts';
import type { Words } from '../../contract/words.ts';

/** One thing that is wrong with a tool's arguments. Never the value that was sent. */
interface Problem {
  /** Such as "data.members[0].id"; empty for the arguments as a whole. */
  field: string;
  expected: Words;
}

const maxDepth = 64;
const maxProblems = 20;
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);

export type InputCheck = (input: unknown) => asserts input is Record<string, unknown>;

/** A check of a tool's arguments that throws `invalid_arguments` and lists every problem at once. */
export function inputCheck(schema: ToolEntry['inputSchema']): InputCheck {
  // Not strict, because a test compiles the whole catalog. Unoptimized code without messages compiles four times as
  // fast, which is what counts: the largest schemas take a tenth of a second, and most checks run a few times only.
  const ajv = new Ajv({
    allErrors: true,
    strict: false,
    validateFormats: false,
    messages: false,
    code: { optimize: false },
  });
  const validate: ValidateFunction = ajv.compile(schema);
  const places = Object.keys(Object(schema.properties));
  return (input) => {
    refuseHarmfulShapes(input);
    const problems = validate(input) ? [] : (validate.errors ?? []).map(toProblem);
    for (const field of strays(input, places)) problems.push({ field, expected: wrongPlace(places) });
    if (problems.length > 0) throw invalid(problems);
  };
}

/** Depth and keys, level by level: nothing has walked the arguments by recursion yet. */
function refuseHarmfulShapes(input: unknown): void {
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) throw tooDeep();
    level = level.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      const harmful = Object.keys(value).find((key) => refusedKeys.has(key));
      if (harmful) throw harmfulKey(harmful);
      return Object.values(value);
    });
  }
}

function tooDeep(): Fault {
  const en = `The arguments are nested deeper than ${maxDepth} levels.`;
  return fieldFault('invalid_arguments', '', `参数嵌套超过 ${maxDepth} 层。`, en);
}

function harmfulKey(key: string): Fault {
  return fieldFault('invalid_arguments', key, `不接受名为 ${key} 的字段。`, `A field named ${key} is not accepted.`);
}

function toProblem({ instancePath, keyword, params }: ErrorObject): Problem {
  const field = instancePath
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => join(path, /^\d+$/.test(part) ? `[${part}]` : part), '');
  if (keyword === 'required') return { field: join(field, String(params.missingProperty)), expected: required };
  return { field, expected: expectation(keyword, params) };
}

const required = { zh: '必填', en: 'required' };

function expectation(keyword: string, params: ErrorObject['params']): Words {
  if (keyword === 'type') return { zh: `应为 ${params.type}`, en: `must be ${params.type}` };
  if (keyword === 'enum' || keyword === 'const') {
    const allowed = JSON.stringify(params.allowedValues ?? [params.allowedValue]).slice(0, 300);
    return { zh: `只能是 ${allowed} 之一`, en: `must be one of ${allowed}` };
  }
  const bound = `${keyword} ${params.limit ?? ''}`.trim();
  return { zh: `须满足 ${bound}`, en: `must keep to ${bound}` };
}

/** Fields beside the places that the tool has. What clients of the official server send out of habit is not one. */
function strays(input: unknown, places: string[]): string[] {
  return Object.entries(Object(input))
    .filter(([name, value]) => !places.includes(name) && name !== 'useUAT' && !isEmptyPlace(name, value))
    .map(([name]) => name);
}

function isEmptyPlace(name: string, value: unknown): boolean {
  const empty = typeof value === 'object' && Object.keys(Object(value)).length === 0;
  return empty && ['params', 'data', 'path'].includes(name);
}

function wrongPlace(places: string[]): Words {
  const list = places.join(', ') || '{}';
  return { zh: `没有这个字段，可用的是 ${list}`, en: `no such field; there is ${list}` };
}

function join(path: string, part: string): string {
  return path === '' || part.startsWith('[') ? path + part : `${path}.${part}`;
}

function invalid(problems: Problem[]): Fault {
  const listed = problems
    .slice(0, maxProblems)
    .map(({ field, expected }) => ({ field: field.slice(0, 200), expected }));
  const more = problems.length - listed.length;
  const text = (language: keyof Words) =>
    listed.map(({ field, expected }) => `${field} ${expected[language]}`.trim()).join('; ');
  return new Fault('invalid_arguments', {
    words: {
      zh: `工具参数不正确：${text('zh')}${more > 0 ? `；另有 ${more} 处` : ''}。`,
      en: `The arguments do not fit the tool: ${text('en')}${more > 0 ? `; and ${more} more` : ''}.`,
    },
    details: { problems: listed.map(({ field, expected }) => ({ field, expected: expected.en })) },
  });
}
