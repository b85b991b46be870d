// Text controls. The box takes the focus ring, so that a prefix or a unit lies inside it.
import { Field } from "@base-ui/react/field";
import { clsx } from "clsx";
import type { ComponentProps, ReactNode } from "react";

const BOX = clsx(
  "flex min-w-0 items-center gap-2 rounded-6 border border-line-strong bg-frame px-2 text-fg-strong",
  "has-[:focus-visible]:outline-2 has-[:focus-visible]:outline-focus has-[:focus-visible]:outline-offset-1",
  "has-[[data-invalid]]:border-bad-line has-[:disabled]:border-dashed has-[:disabled]:text-fg-disabled",
);

export interface TextInputProps
  extends Omit<ComponentProps<"input">, "prefix" | "size" | "defaultValue"> {
  /** Stands inside the box before the text: a currency sign, an icon. */
  prefix?: ReactNode;
  /** Stands inside the box after the text: a unit, a key hint. */
  suffix?: ReactNode;
  mono?: boolean;
  defaultValue?: string;
}

export function TextInput({ prefix, suffix, mono, className, ...rest }: TextInputProps) {
  return (
    <span className={clsx(BOX, "h-control", className)}>
      {prefix && <span className="flex-none text-fg-faint">{prefix}</span>}
      <Field.Control
        className={clsx("h-full w-full min-w-0 bg-transparent outline-none", mono && "num")}
        {...rest}
      />
      {suffix && <span className="ml-auto flex-none text-12 text-fg-faint">{suffix}</span>}
    </span>
  );
}

export interface TextAreaProps extends Omit<ComponentProps<"textarea">, "defaultValue"> {
  defaultValue?: string;
  /** Content that people will judge is larger than a note. */
  size?: "note" | "content";
}

export function TextArea({ size = "note", className, rows = 3, ...rest }: TextAreaProps) {
  return (
    <Field.Control
      render={<textarea rows={rows} {...rest} />}
      className={clsx(
        BOX,
        "w-full resize-y py-1.5 focus-visible:outline-2 focus-visible:outline-focus focus-visible:outline-offset-1",
        "data-[invalid]:border-bad-line",
        size === "content" ? "text-15 leading-[25px]" : "text-13",
        className,
      )}
    />
  );
}
