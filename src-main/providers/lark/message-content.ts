import { fieldFault } from '../../base/fault.ts';

/**
 * The `content` of POST /open-apis/im/v1/messages (a JSON text) from what the batch endpoint calls content, which is an
 * object, sometimes wrapped, or its JSON text. For "text", bare text will do. Throws `invalid_arguments`.
 */
export function messageContent(type: string, given: unknown): string {
  const content = typeof given === 'string' ? parse(type, given) : given;
  if (typeof content !== 'object' || content === null) {
    throw fieldFault(
      'invalid_arguments',
      'data.content',
      '缺少消息内容，或它不是 JSON 对象。',
      'The message content is missing or not a JSON object.',
    );
  }
  if (type === 'post' && 'post' in content) return JSON.stringify(content.post);
  if (type === 'share_chat' && 'share_chat_id' in content) return JSON.stringify({ chat_id: content.share_chat_id });
  return JSON.stringify(content);
}

function parse(type: string, text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object') return parsed;
  } catch {
    // Bare text, then.
  }
  return type === 'text' ? { text } : undefined;
}
