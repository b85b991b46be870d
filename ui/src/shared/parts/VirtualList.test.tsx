import { render, screen } from "@testing-library/react";
import { expect, it, vi } from "vitest";
import { withLayout } from "@/shared/testing/layout";
import { VirtualList } from "./VirtualList";

withLayout(300, 80);

const items = Array.from({ length: 1_000 }, (_, i) => `item ${i}`);
const list = (props: { total?: number; onNearEnd?: () => void; count?: number }) => (
  <VirtualList
    label="Queue"
    items={items.slice(0, props.count ?? items.length)}
    keyOf={(item) => item}
    row={(item) => <p>{item}</p>}
    rowHeight={80}
    {...(props.total === undefined ? {} : { total: props.total })}
    {...(props.onNearEnd ? { onNearEnd: props.onNearEnd } : {})}
  />
);

it("draws what is in sight and says how many there are in all", () => {
  render(list({ total: 1_000_000 }));
  const drawn = screen.getAllByRole("listitem");
  expect(drawn.length).toBeLessThan(30);
  expect([drawn[0]?.getAttribute("aria-posinset"), drawn[0]?.getAttribute("aria-setsize")]).toEqual(
    ["1", "1000000"],
  );
});

it("asks for more when the end is near, and not before", () => {
  const more = vi.fn();
  const { rerender } = render(list({ onNearEnd: more }));
  expect(more).not.toHaveBeenCalled();
  rerender(list({ onNearEnd: more, count: 5 }));
  expect(more).toHaveBeenCalled();
});
