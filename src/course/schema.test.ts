import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { courseSchemas } from './schema.ts';

type Schema = { [field: string]: unknown; properties?: Record<string, Schema>; description?: string };

/** Every place of a schema where a field is declared, as a path. */
function* fieldsOf(schema: unknown, path: string): Generator<[string, Schema]> {
  if (Array.isArray(schema)) {
    for (const each of schema) yield* fieldsOf(each, path);
  } else if (typeof schema === 'object' && schema !== null) {
    for (const [name, value] of Object.entries(schema)) {
      if (name !== 'properties') yield* fieldsOf(value, path);
    }
    for (const [name, field] of Object.entries((schema as Schema).properties ?? {})) {
      yield [`${path}.${name}`, field];
      yield* fieldsOf(field, `${path}.${name}`);
    }
  }
}

describe('the JSON Schema', () => {
  it('is the one that the built-in lessons name', async () => {
    const kept = await readFile(new URL('../../lessons/course.schema.json', import.meta.url), 'utf8');
    expect(kept, 'write it anew: rediscover course schema > lessons/course.schema.json').toBe(
      `${JSON.stringify(courseSchemas(), null, 2)}\n`,
    );
  });

  it('explains every field', () => {
    const fields = [...fieldsOf(courseSchemas(), '')];
    expect(fields.length).toBeGreaterThan(50);
    expect(fields.filter(([, field]) => !field.description).map(([path]) => path)).toEqual([]);
  });

  it('refuses an empty hash and an empty sorted set, as the loader does', () => {
    expect(JSON.stringify(courseSchemas()).match(/"minProperties":1/g)).toHaveLength(4);
  });

  it('describes course.yaml itself, and lesson and exercise by name, with references that all lead somewhere', () => {
    const schema = courseSchemas() as { $defs: Record<string, Schema> } & Schema;
    expect(Object.keys(schema.properties!)).toContain('lessons');
    expect(Object.keys(schema.$defs.lesson!.properties!)).toContain('minutes');
    expect(Object.keys(schema.$defs.exercise!.properties!)).toContain('checks');
    const references = [...JSON.stringify(schema).matchAll(/"\$ref":"#([^"]*)"/g)].map(([, path]) => path!);
    expect(new Set(references)).toEqual(new Set(['', '/definitions/check', '/definitions/checks']));
    for (const path of references) {
      const at = path
        .split('/')
        .slice(1)
        .reduce<unknown>((part, name) => (part as Schema)[name], schema);
      expect(at, path).toBeDefined();
    }
  });
});
