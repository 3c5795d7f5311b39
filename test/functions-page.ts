// The reference of functions, docs/functions.md: made from the docstrings that the CLI's help is made of.
import type {
  ArgumentDef,
  EnumDef,
  FunctionDef,
  ModuleDef,
  ObjectDef,
  TypeDef,
} from "./support/module-introspection.js"

const preface = `# Functions

Made from the module's docstrings (\`npx vitest -u test/functions-page.test.ts\` writes it; a test compares). In a shell every name is
in kebab case: \`promoteQuarantine\` is \`promote-quarantine\`, \`deleteSource\` is \`--delete-source\`. \`dagger call FUNCTION --help\` says the
same. A link of a chain (constructor, builder, function) starts the module once; a field is answered without.`

const plumbing = new Set(["fresh"])

/** The page as Markdown. */
export function functionsPage({ objects, enums }: ModuleDef): string {
  const { Cssc, ...results } = objects
  if (Cssc === undefined) throw new Error("the module has no object Cssc")
  const methods = Object.values(Cssc.methods)
  const [builders, verbs] = [methods.filter(isBuilder), methods.filter((method) => !isBuilder(method))]
  return [
    preface,
    "## Constructor\n\nBefore the function: `dagger call --policy policy.yaml gate …`.",
    argumentTable(Cssc._constructor?.arguments ?? {}),
    "## Builders\n\nBetween constructor and function; each returns the module with one thing more.",
    ...builders.map(section),
    "## Verbs",
    ...verbs.map(section),
    "## Results\n\nWhat verbs return. A leaf is chosen at the end of the command: `… gate --image … summary`.",
    ...Object.entries(results).map(([name, object]) => resultSection(name, object)),
    "## Choices",
    ...Object.entries(enums).map(choices),
    "",
  ].join("\n\n")
}

function isBuilder({ name }: FunctionDef): boolean {
  return /^with[A-Z]/.test(name)
}

function section({ name, description, arguments: given, returnType }: FunctionDef): string {
  const returns = isBuilder({ name } as FunctionDef) ? [] : [`Returns ${typeText(returnType)}.`]
  return [`### ${kebab(name)}`, description.trim(), argumentTable(given), ...returns]
    .filter((part) => part !== "")
    .join("\n\n")
}

function resultSection(name: string, { description, methods, properties }: ObjectDef): string {
  const fields = Object.values(properties).filter(({ isExposed }) => isExposed)
  const rows = [
    ...fields.map((field) => [`\`${kebab(field.name)}\``, typeText(field.type), field.description]),
    ...Object.values(methods).map((method) => [
      `\`${kebab(method.name)}\` (a link)`,
      typeText(method.returnType),
      method.description,
    ]),
  ]
  const takes = Object.values(methods).filter((method) => Object.keys(method.arguments).length > 0)
  const tables = takes.map((method) => `\`${kebab(method.name)}\` takes:\n\n${argumentTable(method.arguments)}`)
  return [`### ${name}`, description.trim(), table(["leaf", "is", "what"], rows), ...tables].join("\n\n")
}

function argumentTable(given: Readonly<Record<string, ArgumentDef>>): string {
  const rows = Object.values(given)
    .filter(({ name }) => !plumbing.has(name))
    .map((one) => [`\`--${kebab(one.name)}\``, typeText(one.type), fallback(one), one.description])
  return rows.length === 0 ? "" : table(["option", "is", "default", "what"], rows)
}

function choices([name, { description, values }]: [string, EnumDef]): string {
  const rows = Object.values(values).map((one) => [`\`${one.value}\``, one.description])
  return [`### ${name}`, description.trim(), table(["value", "what"], rows)].join("\n\n")
}

function fallback({ isOptional, defaultValue }: ArgumentDef): string {
  if (defaultValue === undefined) return isOptional ? "" : "**required**"
  return defaultValue === "" || JSON.stringify(defaultValue) === "[]" ? "" : `\`${String(defaultValue)}\``
}

function typeText({ kind, name, typeDef }: TypeDef): string {
  if (typeDef !== undefined) return `list of ${typeText(typeDef)}`
  return name ?? { STRING_KIND: "text", BOOLEAN_KIND: "true or false", INTEGER_KIND: "number" }[kind] ?? kind
}

function kebab(name: string): string {
  return name.replace(/([A-Z])/g, (letter) => `-${letter.toLowerCase()}`)
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, " ").replaceAll("|", "\\|").trim()).join(" | ")} |`
  return [line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n")
}
