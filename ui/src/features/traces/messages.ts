// A conversation as its span keeps it, in the form of OpenTelemetry's GenAI conventions, read for showing. Pure.
import { written } from "./model";

export type Role = "system" | "user" | "assistant" | "tool";

export interface Message {
  /** Its place in the conversation. */
  readonly at: number;
  readonly role: Role;
  /** Name of the tool that a message asks for. */
  readonly tool: string | null;
  readonly text: string;
}

const ROLES: readonly string[] = ["user", "assistant", "tool"] satisfies readonly Role[];

type Fields = Readonly<Record<string, unknown>>;

function listed(value: unknown): readonly Fields[] {
  if (!Array.isArray(value)) return [];
  return value.filter((one): one is Fields => typeof one === "object" && one !== null);
}

function part(role: Role, of: Fields): Omit<Message, "at"> {
  switch (of.type) {
    case "tool_call":
      return { role, tool: String(of.name), text: written(of.arguments) };
    case "tool_call_response":
      return { role: "tool", tool: null, text: written(of.response) };
    default:
      return { role, tool: null, text: written(of.content) };
  }
}

function numbered(messages: readonly Omit<Message, "at">[]): readonly Message[] {
  return messages.map((message, at) => ({ at, ...message }));
}

/** What a model was given, or answered. What an older span kept as plain text is one message of the model's. */
export function messagesOf(value: unknown): readonly Message[] {
  if (typeof value === "string") {
    return numbered([{ role: "assistant", tool: null, text: written(value) }]);
  }
  const parts = listed(value).flatMap((message) => {
    const role = ROLES.includes(String(message.role)) ? (message.role as Role) : "user";
    return listed(message.parts).map((of) => part(role, of));
  });
  return numbered(parts);
}

/** The instructions that stand before a conversation. */
export function instructionsOf(value: unknown): readonly Message[] {
  return numbered(listed(value).map((of) => part("system", of)));
}
