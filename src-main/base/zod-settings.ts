import { z } from 'zod';

/**
 * Zod remembers every value of a recursive schema, in case it holds itself. What is parsed here comes from JSON and
 * cannot, and the remembering takes longer than the parsing. It must be imported before any schema is made.
 */
z.config({ memoizer: { attach: () => {}, guard: () => {}, alloc: (_schema, _payload, empty) => empty } });
