// An engine on another machine, as its clients meet it: a TCP port, with the engine of the tests behind it.
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from "node:net"

const variable = "_EXPERIMENTAL_DAGGER_RUNNER_HOST"

export class TcpRelay {
  /** Bytes of the client's, and of the engine's. */
  sent = 0
  received = 0
  private readonly sockets = new Set<Socket>()
  private readonly server: Server

  private constructor(engine: URL) {
    this.server = createServer((client) => this.join(client, connectTo(engine)))
  }

  /** Before the engine that the tests run on. */
  static async start(): Promise<TcpRelay> {
    const engine = process.env[variable] ?? ""
    if (!/^(unix|tcp):/.test(engine))
      throw new Error(
        `${variable} is "${engine}", no address that can be relayed: run the tests with CSSC_ENGINE=hermetic`,
      )
    const relay = new TcpRelay(new URL(engine))
    await new Promise<void>((done) => relay.server.listen(0, "127.0.0.1", done))
    return relay
  }

  /** What leads a client here, and nowhere else. */
  get environment(): Readonly<Record<string, string>> {
    return { [variable]: `tcp://127.0.0.1:${(this.server.address() as AddressInfo).port}` }
  }

  async stop(): Promise<void> {
    for (const socket of this.sockets) socket.destroy()
    await new Promise((done) => this.server.close(done))
  }

  private join(client: Socket, engine: Socket): void {
    client.on("data", ({ length }) => (this.sent += length))
    engine.on("data", ({ length }) => (this.received += length))
    for (const [from, to] of [
      [client, engine],
      [engine, client],
    ] as const) {
      this.sockets.add(from)
      from.pipe(to)
      from.on("error", () => to.destroy())
      from.on("close", () => this.sockets.delete(from))
    }
  }
}

function connectTo({ protocol, pathname, hostname, port }: URL): Socket {
  return protocol === "unix:" ? createConnection(pathname) : createConnection(Number(port), hostname)
}
