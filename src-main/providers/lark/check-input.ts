import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import { Fault, fieldFault } from '../../base/fault.ts';

/** One thing that is wrong with a tool's arguments. Never the value that was sent. */
interface Problem {
  /** Such as "data.members[0].id"; empty for the arguments as a whole. */
  field: string;
  expected: string;
}

const maxDepth = 64;
const maxProblems = 20;
const refusedKeys = new Set(['__proto__', 'constructor', 'prototype']);

// Schemas come from the catalog, which a test compiles whole; formats in them are hints for people.
const ajv = new Ajv({ allErrors: true, strict: false, validateFormats: false, ownProperties: true });

export type InputCheck = (input: unknown) => asserts input is Record<string, unknown>;

/** A check of a tool's arguments that throws `invalid_arguments` and lists every problem at once. */
export function inputCheck(schema: { type: 'object'; properties?: unknown }): InputCheck {
  const validate: ValidateFunction = ajv.compile(schema);
  const places = Object.keys(Object(schema.properties));
  // Clients of the official server may still send useUAT; anything else beside the places is a slip worth telling.
  const known = new Set([...places, 'useUAT']);
  return (input) => {
    refuseHarmfulShapes(input);
    const problems = validate(input) ? [] : (validate.errors ?? []).map(toProblem);
    const strays = Object.keys(Object(input)).filter((name) => !known.has(name));
    for (const field of strays) problems.push({ field, expected: `one of ${JSON.stringify(places)} instead` });
    if (problems.length > 0) throw invalid(problems);
  };
}

/** Depth and keys, before anything walks the arguments by recursion. */
function refuseHarmfulShapes(input: unknown): void {
  let level: unknown[] = [input];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) {
      throw fieldFault('invalid_arguments', '', `参数嵌套超过 ${maxDepth} 层。`, `The arguments are nested deeper than ${maxDepth} levels.`);
    }
    level = level.flatMap((value) => {
      if (typeof value !== 'object' || value === null) return [];
      const harmful = Object.keys(value).find((key) => refusedKeys.has(key));
      if (harmful) throw fieldFault('invalid_arguments', harmful, `不接受名为 ${harmful} 的字段。`, `A field named ${harmful} is not accepted.`);
      return Object.values(value);
    });
  }
}

function toProblem({ instancePath, keyword, params, message }: ErrorObject): Problem {
  const field = instancePath
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .reduce((path, part) => join(path, /^\d+$/.test(part) ? `[${part}]` : part), '');
  switch (keyword) {
    case 'required':
      return { field: join(field, String(params.missingProperty)), expected: 'required' };
    case 'type':
      return { field, expected: String(params.type) };
    case 'enum':
      return { field, expected: `one of ${JSON.stringify(params.allowedValues)}`.slice(0, 300) };
    default:
      return { field, expected: message ?? keyword };
  }
}

function join(path: string, part: string): string {
  return path === '' || part.startsWith('[') ? path + part : `${path}.${part}`;
}

function invalid(problems: Problem[]): Fault {
  const listed = problems.slice(0, maxProblems);
  const text = listed.map(({ field, expected }) => `${field.slice(0, 200) || '(root)'}: ${expected}`).join('; ');
  const more = problems.length - listed.length;
  return new Fault('invalid_arguments', {
    words: {
      zh: `工具参数不正确：${text}${more > 0 ? `；另有 ${more} 处` : ''}。`,
      en: `The arguments do not fit the tool: ${text}${more > 0 ? `; and ${more} more` : ''}.`,
    },
    details: { problems: listed },
  });
}
