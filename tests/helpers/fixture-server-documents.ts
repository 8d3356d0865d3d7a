import { type McpServer, type PromptMessage, ResourceTemplate, completable } from '@modelcontextprotocol/server';
import { z } from 'zod';
import { png } from './fixture-server-tools.ts';

/** The resources that the conformance suite reads and watches. */
export function addResources(server: McpServer): void {
  server.registerResource(
    'static-text',
    'test://static-text',
    { description: 'A text.', mimeType: 'text/plain' },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'This is the content of the static text resource.' }],
    }),
  );
  server.registerResource(
    'static-binary',
    'test://static-binary',
    { description: 'A picture.', mimeType: 'image/png' },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'image/png', blob: png }],
    }),
  );
  server.registerResource(
    'watched',
    'test://watched-resource',
    { description: 'May be watched.', mimeType: 'text/plain' },
    (uri) => ({
      contents: [{ uri: uri.href, mimeType: 'text/plain', text: 'Watched.' }],
    }),
  );
  const template = new ResourceTemplate('test://template/{id}/data', { list: undefined });
  server.registerResource(
    'by-id',
    template,
    { description: 'One record.', mimeType: 'application/json' },
    (uri, { id }) => ({
      contents: [
        {
          uri: uri.href,
          mimeType: 'application/json',
          text: JSON.stringify({ id, templateTest: true, data: `Data for ID: ${String(id)}` }),
        },
      ],
    }),
  );
  // McpServer lists and reads; who watches what is the application's to keep, and nothing here ever changes.
  server.server.setRequestHandler('resources/subscribe', () => ({}));
  server.server.setRequestHandler('resources/unsubscribe', () => ({}));
}

/** The prompts that the conformance suite gets, one of them with completion. */
export function addPrompts(server: McpServer): void {
  const user = (content: PromptMessage['content']): PromptMessage => ({ role: 'user', content });
  const say = (text: string) => user({ type: 'text', text });

  server.registerPrompt('test_simple_prompt', { description: 'No arguments.' }, () => ({
    messages: [say('This is a simple prompt for testing.')],
  }));
  const cities = ['paris', 'park', 'party'];
  const twoArguments = z.object({
    arg1: completable(z.string(), (typed) => cities.filter((city) => city.startsWith(typed))),
    arg2: z.string(),
  });
  server.registerPrompt(
    'test_prompt_with_arguments',
    { description: 'Two arguments.', argsSchema: twoArguments },
    ({ arg1, arg2 }) => ({ messages: [say(`Prompt with arguments: arg1='${arg1}', arg2='${arg2}'`)] }),
  );
  server.registerPrompt(
    'test_prompt_with_embedded_resource',
    { description: 'Carries a resource.', argsSchema: z.object({ resourceUri: z.string() }) },
    ({ resourceUri }) => ({
      messages: [
        user({
          type: 'resource',
          resource: { uri: resourceUri, mimeType: 'text/plain', text: 'Embedded resource content for testing.' },
        }),
        say('Please process the embedded resource above.'),
      ],
    }),
  );
  server.registerPrompt('test_prompt_with_image', { description: 'Carries a picture.' }, () => ({
    messages: [user({ type: 'image', data: png, mimeType: 'image/png' }), say('Please analyze the image above.')],
  }));
}
