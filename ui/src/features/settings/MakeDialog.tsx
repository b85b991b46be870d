// Asks for what a new thing needs, and says why it was not made. Enter makes it, as the button does.
import type { ReactNode } from "react";
import type { ApiError } from "@/ipc/errors";
import { Button } from "@/shared/parts/Button";
import { Callout } from "@/shared/parts/Callout";
import { CancelButton, Dialog } from "@/shared/parts/Dialog";

interface MakeDialogProps {
  title: string;
  /** What the button says. */
  verb: string;
  busy: boolean;
  /** Whether everything that it needs is there. */
  ready: boolean;
  failed: ApiError | null;
  onMake: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function MakeDialog(props: MakeDialogProps) {
  const { title, verb, busy, ready, failed, onMake, onClose, children } = props;
  const make = () => {
    if (ready && !busy) onMake();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={title}
      actions={
        <>
          <CancelButton onClick={onClose} />
          <Button tone="primary" busy={busy} disabled={!ready && !busy} onClick={make}>
            {verb}
          </Button>
        </>
      }
    >
      <form
        className="flex flex-col gap-2.5"
        onSubmit={(event) => {
          event.preventDefault();
          make();
        }}
      >
        {children}
        {failed && (
          <div role="alert">
            <Callout tone="bad">
              {failed.message} {failed.hint}
            </Callout>
          </div>
        )}
        <button type="submit" hidden />
      </form>
    </Dialog>
  );
}
