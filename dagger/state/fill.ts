// Objects of the module are made without arguments and filled then, as the engine does it between calls.

/** What an object carries: everything of it but its functions. */
export type FieldsOf<Target> = {
  [Name in keyof Target as Target[Name] extends (...args: never[]) => unknown ? never : Name]: Target[Name]
}

/** The object with all of its fields: one that is missing does not compile. */
export function fill<Target extends object>(target: Target, fields: FieldsOf<Target>): Target {
  return Object.assign(target, fields)
}
