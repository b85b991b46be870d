// What something failed with: the server's own words, and on a line of its own what to do about it, with the code to
// look up.
import { adviceOn } from "@/ipc/faults";
import { ERRORS } from "@/ipc/generatedErrors";
import { FAULTS } from "@/ipc/generatedFaults";
import { sentences } from "@/shared/format/sentences";
import { HiddenText } from "./HiddenText";

export interface FaultWordsProps {
  code: string;
  message: string;
}

export function FaultWords({ code, message }: FaultWordsProps) {
  const advice = adviceOn(code, message, FAULTS, ERRORS);
  const name = <span className="num font-regular text-fg-muted">{code}</span>;
  if (advice === null) {
    return (
      <>
        <HiddenText>{message}</HiddenText> {name}
      </>
    );
  }
  return (
    <>
      <HiddenText>{sentences(message)}</HiddenText>{" "}
      <span className="mt-1 block font-medium text-fg-strong">
        {advice} {name}
      </span>
    </>
  );
}
