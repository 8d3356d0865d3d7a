import type { Message } from './message.ts';

/** Which field of a request the `Mcp-Name` header repeats. */
const nameFields: Readonly<Record<string, string>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The headers that HTTP asks for in the era without sessions, where the body alone says everything on stdio. */
export function modernHeaders({ method, params, modernVersion }: Message): Record<string, string> {
  const field = method !== undefined && Object.hasOwn(nameFields, method) ? nameFields[method] : undefined;
  const name = field === undefined ? undefined : params[field];
  return {
    ...(modernVersion !== undefined && { 'mcp-protocol-version': modernVersion }),
    ...(method !== undefined && { 'mcp-method': method }),
    ...(typeof name === 'string' && { 'mcp-name': headerText(name) }),
  };
}

/** A value that cannot stand in a header as it is travels in base64, between marks. */
function headerText(value: string): string {
  const plain = /^[\x21-\x7e](?:[\t\x20-\x7e]*[\x21-\x7e])?$/.test(value);
  if (plain && !/^=\?base64\?.*\?=$/.test(value)) return value;
  return `=?base64?${Buffer.from(value).toString('base64')}?=`;
}
