// Before anybody is signed in: the first run where there is no owner yet, else signing in.
import { useLocation, useNavigate } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks, type Wire } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Await } from "@/shared/parts/Await";
import { FirstRun } from "./FirstRun";
import { OwnerStep } from "./OwnerStep";
import { SignIn } from "./SignIn";
import { Step } from "./Step";

/** Puts the console at `address` without leaving a trace in its history. */
function useStandAt(address: string | null): void {
  const navigate = useNavigate();
  useEffect(() => {
    if (address !== null) void navigate({ to: address, replace: true });
  }, [address, navigate]);
}

function Owner({ setup }: { setup: Wire<"SetupState"> }) {
  const { t } = useTranslation();
  // Where the next two steps are: they show as soon as the account is signed in.
  useStandAt(at.welcome);
  return (
    <FirstRun version={setup.version}>
      <Step number={1} title={t("start.owner.title")} text={t("start.owner.text")} state="open">
        <OwnerStep passwordMin={setup.password_min_chars} />
      </Step>
      <Step number={2} title={t("start.mind.title")} text={t("start.mind.text")} state="later">
        {null}
      </Step>
      <Step
        number={3}
        title={t("start.campaign.title")}
        text={t("start.campaign.text")}
        state="later"
      >
        {null}
      </Step>
    </FirstRun>
  );
}

function Known() {
  const path = useLocation({ select: ({ pathname }) => pathname });
  useStandAt(path === at.welcome ? at.home : null);
  return <SignIn />;
}

/** The account is made and not yet signed in for a moment; that must not flash the other screen. */
function Door({ setup }: { setup: Wire<"SetupState"> }) {
  const [first] = useState(setup.needs_owner);
  return first ? <Owner setup={setup} /> : <Known />;
}

export function StartRoom() {
  const { t } = useTranslation();
  const setup = hooks.useQuery("get", "/api/v1/setup");
  return (
    <Await query={setup} failed={t("frame.noBackend")} className="m-auto w-80 pt-40">
      {(found) => <Door setup={found} />}
    </Await>
  );
}
