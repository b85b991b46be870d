// An amount. It comes as a decimal string and is never turned into a float; the exact amount is on hover when the
// shown one is rounded.
import { clsx } from "clsx";
import { formatMoney } from "@/shared/format/money";
import { formatLocale } from "@/shared/i18n/locale";

export interface MoneyProps {
  amount: string;
  /** "USD", or a token such as "USDC". */
  asset?: string;
  /** Rounds what is shown to so many digits behind the point. */
  digits?: number;
  signed?: boolean;
  className?: string;
}

export function Money({ amount, asset = "USD", digits, signed = false, className }: MoneyProps) {
  const locale = formatLocale();
  const shown = formatMoney(amount, asset, locale, digits);
  const exact = formatMoney(amount, asset, locale);
  const plus = signed && !amount.startsWith("-") ? "+" : "";
  return (
    <span
      className={clsx("whitespace-nowrap tnum", className)}
      {...(shown === exact ? {} : { title: exact })}
    >
      {plus}
      {shown}
    </span>
  );
}
