// Where an error may become data: core/errors.ts decides by its kind, and what does not ask it is named here with its
// reason. What was not read for another reason than its content must not look as if nothing were there.
import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import ts from "typescript"
import { describe, expect, it } from "vitest"
import { allowedCatches } from "./caught-errors.js"

const root = fileURLToPath(new URL("..", import.meta.url))
const folders = ["src", "dagger", "registry", "forge", "rest", "core"]

/** They throw on what they do not take. */
const classifiers = ["contentFailure", "readFailure"]
/** They say that an error is an answer, so what is guarded by them may return. */
const answers = ["isNotFound"]

const files = folders.flatMap((folder) =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
)

function parse(name: string, text = readFileSync(join(root, name), "utf8")): ts.SourceFile {
  return ts.createSourceFile(name, text, ts.ScriptTarget.ES2022, true)
}

/** The bodies of catch clauses, and what promises are given for their failure. */
function handlersOf(source: ts.Node): ts.Node[] {
  const found: ts.Node[] = []
  const visit = (node: ts.Node): void => {
    if (ts.isCatchClause(node)) found.push(node.block)
    if (ts.isCallExpression(node)) found.push(...rejectionHandlers(node))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return found
}

function rejectionHandlers({ expression, arguments: given }: ts.CallExpression): ts.Node[] {
  const method = ts.isPropertyAccessExpression(expression) ? expression.name.text : ""
  const handler = method === "catch" ? given[0] : method === "then" ? given[1] : undefined
  // zod's catch takes a value, by which a schema reads what it does not understand.
  if (handler === undefined || isLiteral(handler)) return []
  return [ts.isArrowFunction(handler) ? handler.body : (functionOf(handler)?.body ?? handler)]
}

/** The function of the same file that is named. */
function functionOf(handler: ts.Node): ts.FunctionDeclaration | undefined {
  const isNamed = (one: ts.Node): one is ts.FunctionDeclaration =>
    ts.isFunctionDeclaration(one) && one.name?.text === handler.getText()
  return handler.getSourceFile().statements.find(isNamed)
}

function isLiteral(node: ts.Node): boolean {
  return ts.isLiteralExpression(node) || [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword].includes(node.kind)
}

function swallows(handler: ts.Node): boolean {
  return !throwsAlways(handler) && !calls(handler, classifiers) && !isAnswer(handler)
}

function throwsAlways(node: ts.Node): boolean {
  if (ts.isThrowStatement(node)) return true
  if (ts.isIfStatement(node))
    return node.elseStatement !== undefined && throwsAlways(node.thenStatement) && throwsAlways(node.elseStatement)
  return ts.isBlock(node) && !returns(node) && node.statements.some(throwsAlways)
}

/** What returns is guarded by a question for the answer, and all else is thrown. */
function isAnswer(node: ts.Node): boolean {
  if (!ts.isBlock(node)) return false
  for (const statement of node.statements) {
    const asks = ts.isIfStatement(statement) && calls(statement.expression, answers)
    const negated = asks && ts.isPrefixUnaryExpression(statement.expression)
    if (throwsAlways(negated ? statement.thenStatement : statement)) return true
    if (returns(statement) && (!asks || negated)) return false
  }
  return false
}

function returns(node: ts.Node): boolean {
  return ts.isReturnStatement(node) || (!ts.isFunctionLike(node) && (ts.forEachChild(node, returns) ?? false))
}

function calls(node: ts.Node, names: readonly string[]): boolean {
  const named = ts.isIdentifier(node) && names.includes(node.text)
  return named || (ts.forEachChild(node, (child) => calls(child, names)) ?? false)
}

const inCode = (text: string) => handlersOf(parse("example.ts", text)).map(swallows)

describe("an error", () => {
  // That no file is excused in vain is part of it.
  it("becomes data where its kind was asked for, or where it is said why not", () => {
    const swallowing = files.filter((name) => handlersOf(parse(name)).some(swallows))
    expect(swallowing.sort()).toEqual(Object.keys(allowedCatches).sort())
  })

  it.each([
    "try { a() } catch { return [] }",
    "try { a() } catch (error) { if (error instanceof CsscError) return []; throw error }",
    "try { a() } catch (error) { if (isGood(error)) throw error }",
    "try { a() } catch (error) { if (!isNotFound(error)) return []; throw error }",
    "try { a() } catch (error) { problems.push(error) }",
    "try { a() } catch (error) { if (isNotFound(error)) return undefined; return [] }",
    "a().catch(() => undefined)",
    "a().catch(explain); function explain(error: unknown) { return [] }",
    "a().then(b, (error) => ({ problem: String(error) }))",
  ])("that is swallowed is found: %s", (text) => {
    expect(inCode(text)).toEqual([true])
  })

  it.each([
    "try { a() } catch (error) { throw new CsscError('X', 'y', { cause: error }) }",
    "try { a() } catch (error) { return { problem: contentFailure(error).reason } }",
    "try { a() } catch (error) { if (isNotFound(error)) return undefined; throw error }",
    "try { a() } catch (error) { if (!isNotFound(error)) throw error; return undefined }",
    "try { a() } catch (error) { if (b) { throw error } else { throw other } }",
    "a().catch(explain); function explain(error: unknown): never { throw error }",
    "a().catch(contentFailure)",
    "a().catch((error) => { throw explain(error) })",
  ])("that is thrown on or asked for its kind is not: %s", (text) => {
    expect(inCode(text)).toEqual([false])
  })
})
