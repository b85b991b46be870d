// The first run on one screen: who you are, who thinks, what for. Each step says what it means before it asks.
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Mark } from "@/shared/parts/Mark";

export interface FirstRunProps {
  version: string;
  /** Below the steps: a way out, once there is one. */
  foot?: ReactNode;
  children: ReactNode;
}

export function FirstRun({ version, foot, children }: FirstRunProps) {
  const { t } = useTranslation();
  return (
    <main className="h-full overflow-y-auto bg-frame">
      <div className="mx-auto flex w-[min(680px,94vw)] flex-col gap-5 py-9">
        <header className="flex items-center gap-4">
          <Mark size={40} />
          <div>
            <h1 className="font-semibold text-22 text-fg-strong leading-7">
              {t("start.welcome.title")}
            </h1>
            <p className="max-w-[560px] text-fg-muted">{t("start.welcome.text")}</p>
          </div>
        </header>
        <ol className="flex flex-col gap-2.5">{children}</ol>
        <footer className="flex items-center text-12 text-fg-faint">
          {t("start.welcome.version", { version })}
          {foot && <div className="ml-auto">{foot}</div>}
        </footer>
      </div>
    </main>
  );
}
