import { type AST, getStaticTOMLValue, ParseError, parseTOML } from 'toml-eslint-parser';
import { BrokenFile, positionAt } from './broken-file.ts';

export interface TomlDocument {
  text: string;
  body: AST.TOMLTopLevelTable['body'];
  values: Record<string, unknown>;
}

export function parseTomlDocument(text: string): TomlDocument {
  try {
    const program = parseTOML(text);
    return { text, body: program.body[0].body, values: getStaticTOMLValue(program) };
  } catch (error) {
    const duplicate = error instanceof ParseError && /defin|duplicat/i.test(error.message);
    const position = error instanceof ParseError ? { line: error.lineNumber, column: error.column + 1 } : undefined;
    throw new BrokenFile(duplicate ? 'duplicate' : 'syntax', position, error);
  }
}

/** A stretch of the text that belongs to one entry. */
export interface TomlPart {
  node: AST.TOMLTable | AST.TOMLKeyValue;
  /** Its keys from the outermost table on. */
  path: readonly string[];
}

/** Every table and key of the document that lies in the table `path`, or is it. Throws where that is an inline table. */
export function partsOf({ text, body }: TomlDocument, path: readonly string[]): TomlPart[] {
  const parts: TomlPart[] = [];
  for (const node of body) {
    const own = node.type === 'TOMLTable' ? namesOf(node.key) : namesOf(node.key);
    if (startsWith(own, path)) parts.push({ node, path: own });
    else if (node.type === 'TOMLKeyValue') refuseInline(text, node, own, path);
    else parts.push(...partsInside(text, node, own, path));
  }
  return parts;
}

function partsInside(text: string, table: AST.TOMLTable, own: readonly string[], path: readonly string[]): TomlPart[] {
  if (table.kind === 'array' && startsWith(path, own)) throw new BrokenFile('shape', positionAt(text, table.range[0]));
  return table.body.flatMap((member) => {
    const full = [...own, ...namesOf(member.key)];
    if (startsWith(full, path)) return [{ node: member, path: full }];
    refuseInline(text, member, full, path);
    return [];
  });
}

/** An inline table is closed: nothing can be added to it, and nothing taken out of it without writing it anew. */
function refuseInline(text: string, member: AST.TOMLKeyValue, own: readonly string[], path: readonly string[]): void {
  if (own.length < path.length && startsWith(path, own))
    throw new BrokenFile(
      member.value.type === 'TOMLInlineTable' ? 'inline_table' : 'shape',
      positionAt(text, member.value.range[0]),
    );
}

export function namesOf(key: AST.TOMLKey): string[] {
  return getStaticTOMLValue(key);
}

function startsWith(path: readonly string[], start: readonly string[]): boolean {
  return start.every((name, index) => path[index] === name);
}
