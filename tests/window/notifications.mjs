// A notification service on the test's own session bus: it takes what programs want shown and keeps it.
// It speaks as much of D-Bus as that needs. Never here: an expectation.
import { connect } from "node:net";

const NAME = "org.freedesktop.Notifications";
const CALL = 1;
const ANSWER = 2;
const FIELD = { path: 1, interface: 2, member: 3, replyTo: 5, destination: 6, sender: 7, signature: 8 };

/** Puts values behind each other as D-Bus aligns them. */
class Writer {
  #parts = [];
  length = 0;

  #add(bytes) {
    this.#parts.push(bytes);
    this.length += bytes.length;
    return this;
  }
  align(to) {
    return this.#add(Buffer.alloc((to - (this.length % to)) % to));
  }
  byte(value) {
    return this.#add(Buffer.from([value]));
  }
  u32(value) {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return this.align(4).#add(bytes);
  }
  string(text) {
    const bytes = Buffer.from(text);
    return this.u32(bytes.length).#add(bytes).byte(0);
  }
  signature(text) {
    return this.byte(text.length).#add(Buffer.from(text)).byte(0);
  }
  done() {
    return Buffer.concat(this.#parts);
  }
}

class Reader {
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  align(to) {
    this.at += (to - (this.at % to)) % to;
  }
  byte() {
    this.at += 1;
    return this.bytes[this.at - 1];
  }
  u32() {
    this.align(4);
    this.at += 4;
    return this.bytes.readUInt32LE(this.at - 4);
  }
  string() {
    return this.#text(this.u32());
  }
  signature() {
    return this.#text(this.byte());
  }
  #text(length) {
    const text = this.bytes.toString("utf8", this.at, this.at + length);
    this.at += length + 1;
    return text;
  }
}

function message(type, serial, fields, body = Buffer.alloc(0)) {
  const listed = new Writer();
  for (const [code, kind, value] of fields) {
    listed.align(8).byte(code).signature(kind);
    if (kind === "u") listed.u32(value);
    else if (kind === "g") listed.signature(value);
    else listed.string(value);
  }
  const head = new Writer().byte("l".charCodeAt(0)).byte(type).byte(0).byte(1);
  head.u32(body.length).u32(serial).u32(listed.length);
  const padding = Buffer.alloc((8 - (listed.length % 8)) % 8);
  return Buffer.concat([head.done(), listed.done(), padding, body]);
}

/** Reads the fields of a message's head, whose list of them is so long. */
function fieldsOf(bytes, length) {
  const reader = new Reader(bytes);
  reader.at = 16;
  const fields = {};
  while (reader.at < 16 + length) {
    reader.align(8);
    const code = reader.byte();
    const kind = reader.signature();
    fields[code] = kind === "u" ? reader.u32() : kind === "g" ? reader.signature() : reader.string();
  }
  return fields;
}

export class Notifications {
  /** What programs wanted shown, in order: program, title, body. */
  shown = [];
  #socket;
  #serial = 0;
  #waiting = Buffer.alloc(0);

  /** Takes the service's name on the bus of this ground. */
  static async start(ground) {
    const own = new Notifications();
    const path = ground.env.DBUS_SESSION_BUS_ADDRESS.replace("unix:path=", "");
    own.#socket = connect(path);
    await new Promise((resolve, reject) => {
      own.#socket.once("connect", resolve);
      own.#socket.once("error", reject);
    });
    const uid = Buffer.from(String(process.getuid())).toString("hex");
    own.#socket.write(`\0AUTH EXTERNAL ${uid}\r\n`);
    const welcome = await new Promise((resolve) => own.#socket.once("data", resolve));
    if (!welcome.toString().startsWith("OK ")) throw new Error(`the bus said ${welcome}`);
    own.#socket.write("BEGIN\r\n");
    own.#socket.on("data", (bytes) => own.#take(bytes));
    own.#askBus("Hello");
    own.#askBus("RequestName", "su", new Writer().string(NAME).u32(0).done());
    return own;
  }

  stop() {
    this.#socket.destroy();
  }

  #askBus(member, signature, body) {
    const bus = "org.freedesktop.DBus";
    const fields = [
      [FIELD.path, "o", "/org/freedesktop/DBus"],
      [FIELD.interface, "s", bus],
      [FIELD.member, "s", member],
      [FIELD.destination, "s", bus],
    ];
    if (signature) fields.push([FIELD.signature, "g", signature]);
    this.#serial += 1;
    this.#socket.write(message(CALL, this.#serial, fields, body));
  }

  #take(bytes) {
    this.#waiting = Buffer.concat([this.#waiting, bytes]);
    while (this.#waiting.length >= 16) {
      const listed = this.#waiting.readUInt32LE(12);
      const begin = 16 + listed + ((8 - (listed % 8)) % 8);
      const end = begin + this.#waiting.readUInt32LE(4);
      if (this.#waiting.length < end) return;
      const [type, serial] = [this.#waiting[1], this.#waiting.readUInt32LE(8)];
      const fields = fieldsOf(this.#waiting, listed);
      const body = this.#waiting.subarray(begin, end);
      this.#waiting = this.#waiting.subarray(end);
      if (type === CALL) this.#answer(fields, serial, body);
    }
  }

  #answer(fields, serial, body) {
    const member = fields[FIELD.member];
    let [signature, answer] = ["", Buffer.alloc(0)];
    if (member === "Notify") {
      const reader = new Reader(body);
      const [program, , , title, text] = [
        reader.string(),
        reader.u32(),
        reader.string(),
        reader.string(),
        reader.string(),
      ];
      this.shown.push({ program, title, text });
      [signature, answer] = ["u", new Writer().u32(this.shown.length).done()];
    } else if (member === "GetCapabilities") {
      [signature, answer] = ["as", new Writer().u32(0).done()];
    } else if (member === "GetServerInformation") {
      const words = new Writer().string("test").string("chimera").string("1").string("1.2");
      [signature, answer] = ["ssss", words.done()];
    }
    const head = [
      [FIELD.replyTo, "u", serial],
      [FIELD.destination, "s", fields[FIELD.sender]],
    ];
    if (signature) head.push([FIELD.signature, "g", signature]);
    this.#serial += 1;
    this.#socket.write(message(ANSWER, this.#serial, head, answer));
  }
}
