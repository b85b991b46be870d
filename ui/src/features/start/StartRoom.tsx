// Before anybody is signed in: the first run where there is no owner yet, else signing in.
import { useTranslation } from "react-i18next";
import { hooks } from "@/ipc/api";
import { Await } from "@/shared/parts/Await";
import { SignIn } from "./SignIn";

export function StartRoom() {
  const { t } = useTranslation();
  const setup = hooks.useQuery("get", "/api/v1/setup");
  return (
    <Await query={setup} failed={t("frame.noBackend")} className="m-auto w-80">
      {() => <SignIn />}
    </Await>
  );
}
