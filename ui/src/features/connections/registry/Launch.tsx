// Exactly what a server runs or is reached at: the address and its headers, or the program, each argument by itself, the folder, the names of its variables and
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
  const listed = (none: string, between: string) =>
    variables.length === 0 ? (
      none
    ) : (
      <ul key="variables">
        {variables.map(([name, value]) => (
          <li key={name}>
            <Mono>{`${name}${between}${value}`}</Mono>
          </li>
        ))}
      </ul>
    );
  if (launch.address !== null) {
    return (
      <KeyValue
        rows={[
          [t("registry.reaches"), <Mono key="address">{launch.address}</Mono>],
          [t("registry.headers"), listed(t("registry.noHeaders"), ": ")],
        ]}
      />
    );
  }
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
        [t("registry.variables"), listed(t("registry.noVariables"), "=")],
      ]}
    />
  );
}
