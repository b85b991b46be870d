// Loads the graph when it is first needed.
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Bone, Loading } from "@/shared/parts/Skeleton";
import type { PlanGraphProps } from "./PlanGraphBody";

const Body = lazy(() =>
  import("./PlanGraphBody").then((module) => ({ default: module.PlanGraphBody })),
);

const COLUMNS = [3, 3, 2, 3] as const;

function Shape() {
  const { t } = useTranslation();
  return (
    <Loading label={t("parts.loading")}>
      <div className="dots flex items-center gap-10 p-5">
        {COLUMNS.map((steps, column) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: bones never move
          <div key={column} className="flex flex-col gap-[22px]">
            {Array.from({ length: steps }, (_, step) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: bones never move
              <Bone key={step} className="h-[104px]! w-[184px] rounded-8! bg-raised!" />
            ))}
          </div>
        ))}
      </div>
    </Loading>
  );
}

export function PlanGraph(props: PlanGraphProps) {
  return (
    <Suspense fallback={<Shape />}>
      <Body {...props} />
    </Suspense>
  );
}
