/** What an entry of a table of sentences is made of, as data: its code and the parts that its sentence names. */
export type Entry<Table> = {
  [Code in keyof Table]: Table[Code] extends () => string
    ? { code: Code }
    : Table[Code] extends (parts: infer Parts) => string
      ? { code: Code } & Parts
      : never;
}[keyof Table];

/** The sentence of an entry. */
export function sentenceOf<Table>(table: Table, entry: { code: keyof Table }): string {
  return (table[entry.code] as (parts: unknown) => string)(entry);
}
