// A key while it is being typed: kept only here, handed to the keychain once, then forgotten.
import { useState } from "react";
import { hooks, type Wire } from "@/ipc/api";
import type { KeyDraft } from "./modelDraft";

export interface TypedKey {
  readonly keychain: Wire<"Keychain"> | undefined;
  readonly text: string;
  readonly type: (text: string) => void;
  /** The key that the keychain has under the draft's name. */
  readonly stored: Wire<"StoredKey"> | undefined;
  /** Whether the provider will find a key where the draft says: stored, typed, supplied, or none needed. */
  readonly isThere: boolean;
  /** Puts what was typed into the keychain; does nothing when nothing was. Fails as the API does. */
  readonly keep: () => Promise<void>;
  readonly isKeeping: boolean;
}

export function useTypedKey(draft: KeyDraft): TypedKey {
  const { data: keychain } = hooks.useQuery("get", "/api/v1/connections/keychain");
  // Not remembered: the call carries the key.
  const store = hooks.useMutation("post", "/api/v1/connections/keys", { gcTime: 0 });
  const [text, type] = useState("");
  const stored = keychain?.keys.find(({ name }) => name === draft.keyName);
  const supplied = keychain?.supplied.some(({ name }) => name === draft.keyName) ?? false;
  const inKeychain = draft.kind !== "rehearsal" && draft.place === "keychain";
  const keep = async () => {
    const key = text.trim();
    if (!inKeychain || key === "") return;
    await store.mutateAsync({ body: { name: draft.keyName, key } });
    store.reset();
    type("");
  };
  return {
    keychain,
    text,
    type,
    stored,
    isThere: !inKeychain || supplied || stored !== undefined || text.trim() !== "",
    keep,
    isKeeping: store.isPending,
  };
}
