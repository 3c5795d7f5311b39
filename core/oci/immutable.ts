/**
 * A document that was read is not changed: the type of a schema's output with everything in it read-only. A brand on a
 * text, such as that of a digest, stays as it is.
 */
export type Immutable<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? readonly Immutable<Item>[]
    : { readonly [Key in keyof T]: Immutable<T[Key]> }
