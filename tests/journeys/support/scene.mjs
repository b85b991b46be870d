// A house in which something happened: a post is out, a draft waits, a feed attacked, another campaign is only planned.
import { until } from "./until.mjs";

const PUBLISHED = "One post about cold brew on tap for cafe owners, no health claims";
const WAITING = "One post about grinder burrs for home roasters, with one exact number";
const PLANNED = "Two posts about shade trees and coffee for curious readers";

/** Makes all three through the API; people look at them afterwards. */
export async function scene(world) {
  const { api, feed, hostileFeed } = world;
  await api.careful((policy) => {
    policy.hold_seconds = 1;
  });
  const published = await api.started(PUBLISHED, feed);
  const review = await api.review(published);
  await api.post(`/api/approve/${review.task}`);
  await until("the post is out", () => world.posted().length === 1);
  await until("the campaign is done", async () => {
    return (await api.get(`/api/v1/campaigns/${published}`)).status === "COMPLETED";
  });
  await api.policy((policy) => {
    policy.hold_seconds = 8;
  });
  const waiting = await api.started(WAITING, hostileFeed);
  const open = await api.review(waiting);
  await until("the attack is told", async () => (await api.get("/api/v1/incidents")).items[0]);
  const planned = await api.planned(PLANNED, feed);
  const [{ agent }] = (await api.get("/api/v1/personas")).items;
  const [{ post_id: post }] = await api.posts();
  return { published, waiting, planned, agent, post, review: open.id, decided: review.id };
}
