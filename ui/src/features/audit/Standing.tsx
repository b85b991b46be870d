// Whether the audit log can be believed, in one word and a shield.
import { Shield, ShieldAlert, ShieldCheck, ShieldQuestionMark } from "lucide-react";
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { Badge, type BadgeTone } from "@/shared/parts/Badge";
import type { Glyph } from "@/shared/parts/Icon";

type Known = Wire<"ChainStanding"> | "unknown";

const LOOKS: Record<Known, readonly [BadgeTone, Glyph]> = {
  anchored: ["ok", ShieldCheck],
  unanchored: ["neutral", Shield],
  broken: ["bad", ShieldAlert],
  unknown: ["outline", ShieldQuestionMark],
};

export function Standing({ check }: { check: Wire<"AuditChain">["last_check"] }) {
  const { t } = useTranslation();
  const known: Known = check?.report?.standing ?? "unknown";
  const [tone, icon] = LOOKS[known];
  return (
    <Badge tone={tone} icon={icon}>
      {t(`audit.chain.standing.${known}`)}
    </Badge>
  );
}
