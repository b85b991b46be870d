// Keeps what broke to its own place: the rest of the console goes on, the log hears of it, and one can try again.
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { reportProblem } from "@/ipc/problems";
import { Button } from "./Button";
import { FailedState } from "./States";

interface Props {
  children: ReactNode;
  /** When this changes the children are tried again: the address, for a room. */
  resetOn?: string;
}

interface State {
  broken: Error | null;
  resetOn: string | undefined;
}

function Broken({ onRetry }: { onRetry: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="m-auto max-w-96 p-4">
      <FailedState
        title={t("parts.state.brokenTitle")}
        actions={
          <Button size="sm" onClick={onRetry}>
            {t("parts.tryAgain")}
          </Button>
        }
      >
        {t("parts.state.brokenText")}
      </FailedState>
    </div>
  );
}

export class ErrorBoundary extends Component<Props, State> {
  override state: State = { broken: null, resetOn: this.props.resetOn };

  static getDerivedStateFromError(broken: Error): Partial<State> {
    return { broken };
  }

  static getDerivedStateFromProps(props: Props, state: State): Partial<State> | null {
    if (props.resetOn === state.resetOn) return null;
    return { broken: null, resetOn: props.resetOn };
  }

  override componentDidCatch(error: Error): void {
    reportProblem(error);
  }

  override render(): ReactNode {
    if (!this.state.broken) return this.props.children;
    return <Broken onRetry={() => this.setState({ broken: null })} />;
  }
}
