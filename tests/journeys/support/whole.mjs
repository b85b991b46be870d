// Whether words on the screen can be read whole: by their boxes, not by what the page holds. A label that is cut off, or
// lies under something else, is in the page all the same.

/** Runs in the page: what is wrong with each element that says exactly `words`, in sentences; and how many there are. */
function inspect(place, words) {
  const TOLERANCE_PX = 0.5;
  const inside = (inner, outer) =>
    inner.left >= outer.left - TOLERANCE_PX &&
    inner.right <= outer.right + TOLERANCE_PX &&
    inner.top >= outer.top - TOLERANCE_PX &&
    inner.bottom <= outer.bottom + TOLERANCE_PX;
  const round = ({ left, top, right, bottom }) =>
    [left, top, right, bottom].map((side) => Math.round(side)).join(" ");
  const wrong = [];
  const found = [...place.querySelectorAll("*")].filter(
    (one) => one.textContent.trim() === words && ![...one.children].some((child) => child.textContent.trim() === words),
  );
  for (const one of found) {
    one.scrollIntoView({ block: "nearest", inline: "nearest" });
    const range = document.createRange();
    range.selectNodeContents(one);
    const box = range.getBoundingClientRect();
    const say = (what) => wrong.push(`“${words}” at ${round(box)} ${what}`);
    if (box.width === 0 || box.height === 0) say("takes no room");
    if (!inside(box, { left: 0, top: 0, right: innerWidth, bottom: innerHeight }))
      say("lies beyond the window");
    for (let around = one; around; around = around.parentElement) {
      const { overflowX, overflowY } = getComputedStyle(around);
      if (overflowX === "visible" && overflowY === "visible") continue;
      const clip = around.getBoundingClientRect();
      if (!inside(box, clip)) say(`is cut off by <${around.localName}> at ${round(clip)}`);
    }
    const middle = (box.top + box.bottom) / 2;
    for (const x of [box.left + 1, (box.left + box.right) / 2, box.right - 1]) {
      const top = document.elementFromPoint(x, middle);
      if (!top || !(one.contains(top) || top.contains(one)))
        say(`lies under <${top?.localName ?? "nothing"}> at ${Math.round(x)}`);
    }
  }
  return { count: found.length, wrong };
}

/** How often `words` can be read whole in `place`, a locator of one element; throws where one cannot. */
export async function readWhole(place, words) {
  const { count, wrong } = await place.evaluate(inspect, words);
  if (wrong.length > 0) throw new Error(wrong.join("\n"));
  return count;
}
