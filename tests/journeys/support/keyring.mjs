// A keychain of one journey: a session bus of its own and GNOME's keyring on it, unlocked. Nothing of the machine's own is
// touched, and all of it ends with the journeys.
import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./until.mjs";

/** A bus with nothing on it and nothing that it would start by itself. */
const BUS = readFileSync(new URL("../../session-bus.conf", import.meta.url), "utf8");

/** Starts one; the settings of a server that keeps its secrets there. */
export async function keyring() {
  const folder = mkdtempSync(join(tmpdir(), "chimera-ring-"));
  const running = [];
  process.on("exit", () => {
    for (const child of running) child.kill("SIGKILL");
    rmSync(folder, { recursive: true, force: true });
  });
  const socket = join(folder, "bus");
  const address = `unix:path=${socket}`;
  const env = {
    PATH: process.env.PATH,
    HOME: folder,
    XDG_RUNTIME_DIR: folder,
    XDG_DATA_HOME: join(folder, "data"),
    DBUS_SESSION_BUS_ADDRESS: address,
  };
  const start = (program, args) => {
    const child = spawn(program, args, { env, stdio: ["pipe", "ignore", "ignore"] });
    running.push(child);
    return child;
  };
  const config = join(folder, "bus.conf");
  writeFileSync(config, BUS.replace("SOCKET", socket));
  start("dbus-daemon", ["--nofork", "--config-file", config]);
  await until("the session bus", () => existsSync(socket));
  const ring = start("gnome-keyring-daemon", ["--foreground", "--unlock", "--components=secrets"]);
  ring.stdin.end("password of a test");
  const asks = ["--session", "--print-reply", "--dest=org.freedesktop.secrets", "/org/freedesktop/secrets"];
  await until("the keyring", () => {
    try {
      const method = "org.freedesktop.Secret.Service.ReadAlias";
      const said = execFileSync("dbus-send", [...asks, method, "string:default"], { env, stdio: "pipe" });
      return said.includes("collection/");
    } catch {
      return false;
    }
  });
  return { CHIMERA_KEYCHAIN: "system", DBUS_SESSION_BUS_ADDRESS: address };
}
