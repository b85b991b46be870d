// The words of the registry of MCP servers come with the room that shows them: no other page loads them first.
import { registry } from "./en/registry";
import { i18n } from "./i18n";

i18n.addResourceBundle("en", "translation", { registry }, true, true);
