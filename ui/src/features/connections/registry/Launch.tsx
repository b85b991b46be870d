// Exactly what a server runs: the program, each argument by itself, the folder, the names of its variables and
// secrets. What could hide in it is made visible.
import { useTranslation } from "react-i18next";
import type { Wire } from "@/ipc/api";
import { HiddenText } from "@/shared/parts/HiddenText";
import { KeyValue } from "@/shared/parts/KeyValue";

function Mono({ children }: { children: string }) {
  return (
    <code className="num whitespace-pre-wrap">
      <HiddenText>{children}</HiddenText>
    </code>
  );
}

export function Launch({ launch }: { launch: Wire<"ServerLaunch"> }) {
  const { t } = useTranslation();
  const variables = Object.entries(launch.variables);
  // An empty argument is an argument too.
  const argument = (arg: string, at: number) =>
    [
      t("registry.argument", { number: at + 1 }),
      <Mono key="argument">{arg === "" ? "\u2018\u2019" : arg}</Mono>,
    ] as const;
  return (
    <KeyValue
      rows={[
        [t("registry.runs"), <Mono key="command">{launch.command}</Mono>],
        ...launch.args.map(argument),
        [
          t("registry.folder"),
          launch.cwd === null ? t("registry.folderOwn") : <Mono key="cwd">{launch.cwd}</Mono>,
        ],
        [
          t("registry.variables"),
          variables.length === 0 ? (
            t("registry.noVariables")
          ) : (
            <ul key="variables">
              {variables.map(([name, value]) => (
                <li key={name}>
                  <Mono>{`${name}=${value}`}</Mono>
                </li>
              ))}
            </ul>
          ),
        ],
      ]}
    />
  );
}
