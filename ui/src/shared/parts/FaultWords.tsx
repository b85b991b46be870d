// What something failed with: the server's own words, then what to do about its code, then the code to look up.
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
  return (
    <>
      {/* A stop is set only where something follows; the words themselves stay as they came. */}
      <HiddenText>{advice === null ? message : sentences(message)}</HiddenText>{" "}
      {advice !== null && <span className="text-fg">{advice} </span>}
      <span className="num text-fg-muted">{code}</span>
    </>
  );
}
