import fc from 'fast-check';
import { expect, test } from 'vitest';
import { batchScopes } from '../../../src-main/tokens/scope-batches.ts';

test('at most fifty scopes are asked for at once, offline_access each time, and none is left out or asked for twice', () => {
  const scope = fc.oneof(fc.constant('offline_access'), fc.stringMatching(/^[a-z]{1,3}:[a-z]{1,2}$/));
  fc.assert(
    fc.property(fc.array(scope, { maxLength: 200 }), (scopes) => {
      const batches = batchScopes(scopes);
      const others = batches.flat().filter((one) => one !== 'offline_access');
      expect(batches.every((batch) => batch.length <= 50 && batch[0] === 'offline_access')).toBe(true);
      expect(new Set(others).size).toBe(others.length);
      expect(new Set(batches.flat())).toEqual(new Set(['offline_access', ...scopes]));
      expect(batches).toHaveLength(Math.max(1, Math.ceil(others.length / 49)));
    }),
  );
});
