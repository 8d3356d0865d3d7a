import { getNodeValue, type Node, type ParseError, parseTree } from 'jsonc-parser';
import { BrokenFile, positionAt } from './broken-file.ts';

export interface JsonDocument {
  text: string;
  root: Node;
}

/** Parses a configuration. Throws `BrokenFile` where the client, too, could not read it or would read it two ways. */
export function parseJsonDocument(text: string, strict: boolean): JsonDocument {
  const errors: ParseError[] = [];
  const root = parse(text, errors, strict);
  const [error] = errors;
  if (error) {
    const tolerated = strict && parses(text);
    throw new BrokenFile(tolerated ? 'comment' : 'syntax', positionAt(text, error.offset));
  }
  if (root?.type !== 'object') throw new BrokenFile('shape', positionAt(text, root?.offset ?? 0));
  return { text, root };
}

function parse(text: string, errors: ParseError[], strict: boolean): Node | undefined {
  try {
    return parseTree(text, errors, { disallowComments: strict, allowTrailingComma: !strict });
  } catch (error) {
    // Nested so deep that the parser runs out of stack.
    throw new BrokenFile('syntax', undefined, error);
  }
}

function parses(text: string): boolean {
  const errors: ParseError[] = [];
  parse(text, errors, false);
  return errors.length === 0;
}

/** The member of an object with this name. Throws when there are two: clients differ in which one they take. */
export function memberOf({ text }: JsonDocument, object: Node, name: string): Node | undefined {
  const [found, second] = (object.children ?? []).filter(({ children }) => children?.[0]?.value === name);
  if (second) throw new BrokenFile('duplicate', positionAt(text, second.offset));
  return found;
}

/** The object at the end of `path`, as far as it exists, and the rest of the path. */
export function descend(
  document: JsonDocument,
  path: readonly string[],
): { object: Node; missing: string[]; trail: Node[] } {
  let object = document.root;
  const trail: Node[] = [];
  for (const [index, name] of path.entries()) {
    const member = memberOf(document, object, name);
    if (!member) return { object, missing: path.slice(index), trail };
    const value = valueOf(member);
    if (value.type !== 'object') throw new BrokenFile('shape', positionAt(document.text, value.offset));
    trail.push(member);
    object = value;
  }
  return { object, missing: [], trail };
}

export function valueOf(member: Node): Node {
  const value = member.children?.[1];
  if (!value) throw new BrokenFile('syntax');
  return value;
}

/** The plain value of a node. */
export function plainValue(node: Node): unknown {
  const value: unknown = getNodeValue(node);
  return value;
}

export const endOf = (node: Node): number => node.offset + node.length;
