// Keys are kebab-case in the file, as operators write YAML, and camelCase in the code.

type Camel<Key extends string> = Key extends `${infer First}-${infer Rest}` ? `${First}${Capitalize<Camel<Rest>>}` : Key

export type CamelKeys<T> = { [Key in keyof T as Key extends string ? Camel<Key> : Key]: T[Key] }

export function camelKeys<T extends object>(value: T): CamelKeys<T> {
  const entries = Object.entries(value).map(([key, item]): [string, unknown] => [camel(key), item])
  return Object.fromEntries(entries) as CamelKeys<T>
}

function camel(key: string): string {
  return key.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase())
}
