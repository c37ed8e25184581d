import { once } from "node:events";
import { type AddressInfo, createServer, type Server, Socket } from "node:net";

/** One call of a client: what it sends up to where it waits for an answer. */
export interface Call {
  /** The statement's text, a prepared one's too. */
  text: string;
}

/**
 * What becomes of a call: its connection is cut `before` it reaches the server, or `after` the server has done it and
 * before the client hears so, and `then` is done at that very moment. Or it is held until something else is done.
 */
export type Fault =
  | { cut: "before" | "after"; then?: () => void; until?: undefined }
  | { cut?: undefined; then?: undefined; until: Promise<unknown> };

/** A network between the app and its database that can fail. It speaks PostgreSQL well enough to know what is a call. */
export interface FaultProxy {
  readonly port: number;
  /** The same connection string by way of this network. */
  url(serverUrl: string): string;
  /** Leads whoever connects from now on to another server; who is connected is cut off. */
  leadTo(serverPort: number): void;
  /** Asked about each call; nothing happens to it unless this says so. */
  onCall: ((call: Call) => Fault | undefined) | undefined;
  /** Cuts every connection that there is. */
  cut(): void;
  /** Cuts every connection, and lets nobody connect. */
  refuse(): void;
  /** From now on nothing arrives, in neither direction, and nobody is told. */
  stall(): void;
  /** From now on what is sent arrives at the server, and no answer comes back. */
  loseAnswers(): void;
  /** As it should be again: what was stalled arrives; where an answer was lost, the connection is cut. */
  heal(): void;
  close(): Promise<void>;
}

type State = "whole" | "refusing" | "stalled" | "losing answers";

export async function openProxy(serverPort: number): Promise<FaultProxy> {
  const links = new Set<Link>();
  let state: State = "whole";
  let target = serverPort;
  const server: Server = createServer((client) => {
    if (state === "refusing") {
      client.resetAndDestroy();
      return;
    }
    const link = new Link(client, target, (call) => proxy.onCall?.(call));
    links.add(link);
    link.enter(state);
    link.ended.then(() => links.delete(link));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const enter = (next: State) => {
    state = next;
    for (const link of links) link.enter(next);
  };
  const proxy: FaultProxy = {
    port,
    url: (serverUrl) => {
      const url = new URL(serverUrl);
      url.port = String(port);
      return url.href;
    },
    leadTo: (next) => {
      target = next;
      proxy.cut();
    },
    onCall: undefined,
    cut: () => {
      for (const link of links) link.cut();
    },
    refuse: () => enter("refusing"),
    stall: () => enter("stalled"),
    loseAnswers: () => enter("losing answers"),
    heal: () => enter("whole"),
    close: async () => {
      proxy.cut();
      server.close();
      await once(server, "close");
    },
  };
  return proxy;
}

/** One connection of a client, and ours to the server on its behalf. */
class Link {
  readonly ended: Promise<void>;
  private readonly server = new Socket();
  private readonly calls = new Calls();
  private held: { to: Socket; bytes: Buffer }[] = [];
  private state: State = "whole";
  private lost = false;
  /** What is done once the server has answered the call at hand, instead of passing the answer on. */
  private swallowing: { answer: Answer; then?: () => void } | undefined;

  constructor(
    private readonly client: Socket,
    serverPort: number,
    private readonly ask: (call: Call) => Fault | undefined,
  ) {
    this.ended = new Promise((resolve) => {
      for (const socket of [client, this.server]) {
        socket.setNoDelay(true);
        socket.on("error", () => undefined);
        socket.on("close", () => {
          // Nobody is told of an end either while nothing arrives.
          if (this.state !== "stalled") this.cut();
          if (client.destroyed && this.server.destroyed) resolve();
        });
      }
    });
    this.server.connect(serverPort, "127.0.0.1");
    client.on("data", (chunk: Buffer) => this.fromClient(chunk));
    this.server.on("data", (chunk: Buffer) => this.fromServer(chunk));
    client.on("end", () => this.state !== "stalled" && this.server.end());
    this.server.on("end", () => this.state !== "stalled" && client.end());
  }

  enter(next: State): void {
    const isBroken = this.lost || this.client.destroyed || this.server.destroyed;
    if (next === "refusing" || (next === "whole" && isBroken)) {
      this.cut();
      return;
    }
    this.state = next;
    if (next !== "whole") return;
    const held = this.held;
    this.held = [];
    for (const { to, bytes } of held) to.write(bytes);
  }

  cut(): void {
    this.client.resetAndDestroy();
    this.server.resetAndDestroy();
  }

  private fromClient(chunk: Buffer): void {
    for (const { bytes, call } of this.calls.read(chunk)) {
      const fault = call && this.ask(call);
      if (fault?.cut === "before") {
        fault.then?.();
        this.cut();
        return;
      }
      if (fault?.cut === "after") this.swallowing = { answer: new Answer(), then: fault.then };
      // A client that waits for an answer sends nothing else meanwhile.
      if (fault?.until) void fault.until.then(() => this.pass(this.server, bytes));
      else this.pass(this.server, bytes);
    }
  }

  private fromServer(chunk: Buffer): void {
    if (this.swallowing) {
      if (!this.swallowing.answer.isComplete(chunk)) return;
      this.swallowing.then?.();
      this.cut();
      return;
    }
    if (this.state === "losing answers") this.lost = true;
    else this.pass(this.client, chunk);
  }

  private pass(to: Socket, bytes: Buffer): void {
    if (this.state === "stalled") this.held.push({ to, bytes });
    else to.write(bytes);
  }
}

const SYNC = "S";
const QUERY = "Q";
const PARSE = "P";
const BIND = "B";
/** Belong to a call that is ended by a Sync: Parse, Bind, Describe, Execute, Close. */
const PARTS = "PBDEC";

/** Reads what a client sends as calls; everything else (its start, a password, its goodbye) is passed on as it comes. */
class Calls {
  private rest: Buffer = Buffer.alloc(0);
  private started = false;
  private batch: Buffer[] = [];
  private text = "";
  private readonly prepared = new Map<string, string>();

  *read(chunk: Buffer): Generator<{ bytes: Buffer; call?: Call }> {
    this.rest = Buffer.concat([this.rest, chunk]);
    for (;;) {
      // The first message has no letter before its length.
      const header = this.started ? 1 : 0;
      if (this.rest.length < header + 4) return;
      const length = header + this.rest.readUInt32BE(header);
      if (this.rest.length < length) return;
      const message = this.rest.subarray(0, length);
      this.rest = this.rest.subarray(length);
      const kind = this.started ? String.fromCharCode(message[0] ?? 0) : "";
      this.started = true;
      if (PARTS.includes(kind) && kind !== "") {
        this.note(kind, message);
        this.batch.push(message);
      } else if (kind === SYNC) {
        const bytes = Buffer.concat([...this.batch, message]);
        this.batch = [];
        yield { bytes, call: { text: this.text } };
      } else if (kind === QUERY) {
        yield { bytes: message, call: { text: textAt(message, 5)[0] } };
      } else {
        yield { bytes: message };
      }
    }
  }

  private note(kind: string, message: Buffer): void {
    if (kind === PARSE) {
      const [name, next] = textAt(message, 5);
      [this.text] = textAt(message, next);
      this.prepared.set(name, this.text);
    } else if (kind === BIND) {
      const [, next] = textAt(message, 5);
      this.text = this.prepared.get(textAt(message, next)[0]) ?? "";
    }
  }
}

/** A text that ends with a zero byte, and where the next one begins. */
function textAt(message: Buffer, from: number): [text: string, next: number] {
  const end = message.indexOf(0, from);
  return [message.toString("utf8", from, end), end + 1];
}

/** Reads a server's answer to one call, which ends when it is ready for the next. */
class Answer {
  private rest: Buffer = Buffer.alloc(0);

  isComplete(chunk: Buffer): boolean {
    this.rest = Buffer.concat([this.rest, chunk]);
    while (this.rest.length >= 5) {
      const length = 1 + this.rest.readUInt32BE(1);
      if (this.rest.length < length) return false;
      if (String.fromCharCode(this.rest[0] ?? 0) === "Z") return true;
      this.rest = this.rest.subarray(length);
    }
    return false;
  }
}
