// The rest of the first run, once the owner is signed in: who thinks, and a first campaign.
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { at } from "@/shared/addresses";
import { Await } from "@/shared/parts/Await";
import { buttonClass } from "@/shared/parts/Button";
import { useMay, useMe } from "@/shared/session/useMe";
import { CampaignStep } from "./CampaignStep";
import { FirstRun } from "./FirstRun";
import { MindStep } from "./MindStep";
import { Step } from "./Step";

function Mind({ chosen, onDone }: { chosen: boolean; onDone: (done: boolean) => void }) {
  const { t } = useTranslation();
  const connection = hooks.useQuery("get", "/api/v1/connections/model");
  const worker = connection.data?.roles.find(({ role }) => role === "worker");
  const result = worker
    ? worker.rehearsal
      ? t("start.mind.doneRehearsal")
      : t("start.mind.done", { provider: worker.provider, model: worker.model })
    : "";
  return (
    <Step
      number={2}
      title={t("start.mind.title")}
      text={t("start.mind.text")}
      state={chosen ? "done" : "open"}
      result={result}
      onChange={() => onDone(false)}
    >
      <Await query={connection} failed={t("start.mind.readFailed")} className="">
        {(data) => <MindStep connection={data} onDone={() => onDone(true)} />}
      </Await>
    </Step>
  );
}

function Campaign() {
  const { t } = useTranslation();
  const personas = hooks.useQuery("get", "/api/v1/personas");
  const feeds = hooks.useQuery("get", "/api/v1/connections/feeds");
  return (
    <Await query={personas} failed={t("start.campaign.personaFailed")} className="">
      {({ items }) => (
        <Await query={feeds} failed={t("start.campaign.feedFailed")} className="">
          {(found) => <CampaignStep personas={items} feeds={found.items} />}
        </Await>
      )}
    </Await>
  );
}

export function WelcomeRoom() {
  const { t } = useTranslation();
  const { user, solo } = useMe();
  const mayConnect = useMay("installation");
  const [chosen, setChosen] = useState(!mayConnect);
  const setup = hooks.useQuery("get", "/api/v1/setup");
  return (
    <FirstRun
      version={setup.data?.version ?? ""}
      foot={
        <Link to={at.home} className={buttonClass("quiet", "sm")}>
          {t("start.welcome.later")}
        </Link>
      }
    >
      <Step
        number={1}
        title={t("start.owner.title")}
        text={t("start.owner.text")}
        state="done"
        result={
          <>
            <p className="text-fg">{t("start.owner.done", user)}</p>
            {solo && <p className="text-12">{t("start.owner.solo")}</p>}
          </>
        }
      >
        {null}
      </Step>
      <Mind chosen={chosen} onDone={setChosen} />
      <Step
        number={3}
        title={t("start.campaign.title")}
        text={t("start.campaign.text")}
        state={chosen ? "open" : "later"}
      >
        <Campaign />
      </Step>
    </FirstRun>
  );
}
