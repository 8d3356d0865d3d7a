import { setTimeout as pause } from 'node:timers/promises';
import {
  type CallToolResult,
  type ElicitRequestFormParams,
  type InputRequiredResult,
  type McpServer,
  type ServerContext,
  fromJsonSchema,
  inputRequired,
  inputResponse,
} from '@modelcontextprotocol/server';
import { z } from 'zod';

/** One red pixel. */
export const png = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==';

/** An empty mono recording: the 44-byte RIFF header and no samples. */
const wav = 'UklGRiQAAABXQVZFZm10IBAAAAABAAEAQB8AAIA+AAACABAAZGF0YQAAAAA=';

/** Long enough for two notifications to leave in two writes. */
const beat = 20;

/** The tools that the conformance suite calls; their names, texts and order of events are the suite's. */
export function addTools(server: McpServer): void {
  addContentTools(server);
  addTalkingTools(server);
  addAskingTools(server);
  server.registerTool(
    'json_schema_2020_12_tool',
    { description: 'Shows that a schema arrives whole.', inputSchema: fromJsonSchema(addressSchema) },
    () => text('The schema was kept.'),
  );
}

function addContentTools(server: McpServer): void {
  const embedded = (uri: string, mimeType: string, body: string): CallToolResult['content'][number] => ({
    type: 'resource',
    resource: { uri, mimeType, text: body },
  });
  const answers: Record<string, CallToolResult['content']> = {
    test_simple_text: text('This is a simple text response for testing.').content,
    test_image_content: [{ type: 'image', data: png, mimeType: 'image/png' }],
    test_audio_content: [{ type: 'audio', data: wav, mimeType: 'audio/wav' }],
    test_embedded_resource: [
      embedded('test://embedded-resource', 'text/plain', 'This is an embedded resource content.'),
    ],
    test_multiple_content_types: [
      { type: 'text', text: 'Multiple content types test:' },
      { type: 'image', data: png, mimeType: 'image/png' },
      embedded('test://mixed-content-resource', 'application/json', '{"test":"data","value":123}'),
    ],
  };
  for (const [name, content] of Object.entries(answers)) {
    server.registerTool(name, { description: `Returns ${name.slice('test_'.length)}.` }, () => ({ content }));
  }
  server.registerTool('test_error_handling', { description: 'Always fails.' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}

function addTalkingTools(server: McpServer): void {
  server.registerTool('test_tool_with_logging', { description: 'Logs three lines as it works.' }, async (context) => {
    for (const line of ['Tool execution started', 'Tool processing data', 'Tool execution completed']) {
      await context.mcpReq.log('info', line);
      await pause(beat);
    }
    return text('Logged three lines.');
  });
  server.registerTool('test_tool_with_progress', { description: 'Reports progress as it works.' }, async (context) => {
    for (const progress of [0, 50, 100]) {
      await reportProgress(context, progress);
      await pause(beat);
    }
    return text('Reported progress.');
  });
  server.registerTool(
    'test_reconnection',
    { description: 'Drops its own stream before it answers.' },
    async (context) => {
      context.http?.closeSSE?.();
      await pause(beat);
      return text('Answered after the stream was dropped.');
    },
  );
}

async function reportProgress(context: ServerContext, progress: number): Promise<void> {
  const { _meta: meta } = context.mcpReq;
  if (meta?.progressToken === undefined) return;
  await context.mcpReq.notify({
    method: 'notifications/progress',
    params: { progressToken: meta.progressToken, progress, total: 100 },
  });
}

function addAskingTools(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the client for a completion.', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, context) => {
      const answer = inputResponse(context.mcpReq.inputResponses, 'sample');
      if (answer.kind === 'sampling') return text(`LLM response: ${JSON.stringify(answer.result.content)}`);
      const message = { role: 'user' as const, content: { type: 'text' as const, text: prompt } };
      const sample = inputRequired.createMessage({ messages: [message], maxTokens: 100 });
      return inputRequired({ inputRequests: { sample } });
    },
  );
  server.registerTool(
    'test_elicitation',
    { description: 'Asks the person for a name and an address.', inputSchema: z.object({ message: z.string() }) },
    ({ message }, context) => askPerson(context, message, contactForm),
  );
  server.registerTool(
    'test_elicitation_sep1034_defaults',
    { description: 'Asks with a default for each type.' },
    (context) => askPerson(context, 'Please check the defaults.', defaultsForm),
  );
  server.registerTool('test_elicitation_sep1330_enums', { description: 'Asks with every kind of choice.' }, (context) =>
    askPerson(context, 'Please choose.', choicesForm),
  );
}

type Form = ElicitRequestFormParams['requestedSchema'];

/** Asks on the first round and reports on the second; a 2025 client is asked within one and the same call. */
function askPerson(
  context: ServerContext,
  message: string,
  requestedSchema: Form,
): CallToolResult | InputRequiredResult {
  const answer = inputResponse(context.mcpReq.inputResponses, 'form');
  if (answer.kind !== 'elicit') {
    return inputRequired({ inputRequests: { form: inputRequired.elicit({ message, requestedSchema }) } });
  }
  const content = JSON.stringify(answer.content ?? {});
  return text(`Elicitation completed: action=${answer.action}, content=${content}`);
}

const contactForm: Form = {
  type: 'object',
  properties: {
    username: { type: 'string', description: "User's response" },
    email: { type: 'string', description: "User's email address" },
  },
  required: ['username', 'email'],
};

const defaultsForm: Form = {
  type: 'object',
  properties: {
    name: { type: 'string', default: 'John Doe' },
    age: { type: 'integer', default: 30 },
    score: { type: 'number', default: 95.5 },
    status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
    verified: { type: 'boolean', default: true },
  },
};

const titled = [
  { const: 'value1', title: 'First' },
  { const: 'value2', title: 'Second' },
];

const choicesForm: Form = {
  type: 'object',
  properties: {
    untitledSingle: { type: 'string', enum: ['option1', 'option2', 'option3'] },
    titledSingle: { type: 'string', oneOf: titled },
    legacyEnum: { type: 'string', enum: ['opt1', 'opt2'], enumNames: ['Option One', 'Option Two'] },
    untitledMulti: { type: 'array', items: { type: 'string', enum: ['option1', 'option2', 'option3'] } },
    titledMulti: { type: 'array', items: { anyOf: titled } },
  },
};

const addressSchema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  $defs: {
    address: { type: 'object', properties: { street: { type: 'string' }, city: { type: 'string' } } },
  },
  properties: { name: { type: 'string' }, address: { $ref: '#/$defs/address' } },
  additionalProperties: false,
} as const;

function text(body: string): CallToolResult {
  return { content: [{ type: 'text', text: body }] };
}
