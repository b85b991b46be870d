// The five states beside "ready".
import { Inbox } from "lucide-react";
import { useState } from "react";
import { Button } from "@/shared/parts/Button";
import { Card, CardBody } from "@/shared/parts/Card";
import {
  DegradedState,
  EmptyState,
  FailedState,
  LoadingState,
  OfflineState,
} from "@/shared/parts/States";

const WAIT_MS = 20_000;

export function StatesRow() {
  const [since] = useState(() => Date.now() - 180_000);
  const [retryAt, setRetryAt] = useState(() => Date.now() + 12_000);
  return (
    <div className="grid grid-cols-5 gap-3.5 max-wide:grid-cols-3">
      <Card title="Empty">
        <CardBody>
          <EmptyState
            icon={Inbox}
            title="Nothing waits for you"
            text="The last item left at 14:12. New ones arrive here by themselves."
            action={<Button size="sm">See what was decided</Button>}
          />
        </CardBody>
      </Card>
      <Card title="Loading">
        <CardBody>
          <LoadingState progress="Reading 1.2 M rows, 64%" onCancel={() => {}} />
        </CardBody>
      </Card>
      <Card title="Failed">
        <CardBody>
          <FailedState
            title="Could not publish"
            code="NET-409"
            actions={
              <>
                <Button size="sm">Edit the post</Button>
                <Button size="sm" tone="quiet">
                  Try again
                </Button>
              </>
            }
          >
            X answered “duplicate content”.{" "}
            <b className="font-medium text-fg-strong">Nothing was posted.</b> The slot is kept until
            14:55.
          </FailedState>
        </CardBody>
      </Card>
      <Card title="Offline">
        <CardBody>
          <OfflineState
            since={since}
            retryAt={retryAt}
            waitMs={WAIT_MS}
            onTry={() => setRetryAt(Date.now() + WAIT_MS)}
          />
        </CardBody>
      </Card>
      <Card title="Degraded">
        <CardBody>
          <DegradedState
            title="Counters are estimated"
            code="OBS-102"
            action={<Button size="sm">Open telemetry</Button>}
          >
            Telemetry does not answer. Numbers come from the task list on this device, 40 s old.
          </DegradedState>
        </CardBody>
      </Card>
    </div>
  );
}
