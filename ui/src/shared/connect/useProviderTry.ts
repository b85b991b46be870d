// Tries a provider and takes it: first a typed key goes into the keychain, then the provider is asked.
import { useState } from "react";
import { hooks } from "@/ipc/api";
import { type ApiError, asApiError } from "@/ipc/errors";
import { type ModelDraft, settingsOf } from "./modelDraft";
import type { TypedKeys } from "./useTypedKeys";

export function useProviderTry(draft: ModelDraft, typed: TypedKeys) {
  const test = hooks.useMutation("post", "/api/v1/connections/model/test");
  const put = hooks.useMutation("put", "/api/v1/connections/model");
  const [notKept, setNotKept] = useState<ApiError | null>(null);
  const body = settingsOf(draft);
  const afterKey = (act: () => void) => {
    setNotKept(null);
    typed.keep().then(act, (error: unknown) => setNotKept(asApiError(error)));
  };
  const failed = notKept ?? put.error ?? test.error;
  return {
    tried: test.data ?? null,
    failed: failed ? asApiError(failed) : null,
    isTesting: typed.isKeeping || test.isPending,
    isTaking: typed.isKeeping || put.isPending,
    test: () => afterKey(() => test.mutate({ body })),
    take: (onDone: () => void) => afterKey(() => put.mutate({ body }, { onSuccess: onDone })),
    /** What was said is about another draft now. */
    forget: () => {
      setNotKept(null);
      test.reset();
      put.reset();
    },
  };
}
