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
    expect(JSON.stringify(courseSchemas()).match(/"minProperties":1/g)).toHaveLength(12);
  });

  it('describes course.yaml itself, and lesson and exercise by name, without references that editors lose', () => {
    const schema = courseSchemas() as { $defs: Record<string, Schema> } & Schema;
    expect(Object.keys(schema.properties!)).toContain('lessons');
    expect(Object.keys(schema.$defs.lesson!.properties!)).toContain('minutes');
    expect(Object.keys(schema.$defs.exercise!.properties!)).toContain('checks');
    expect(JSON.stringify({ ...schema, $defs: { ...schema.$defs, course: {} } })).not.toContain('$ref');
  });
});
