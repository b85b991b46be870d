// The claim on an item whose decision is held here: nobody else takes it meanwhile, which would move its version and
// make the decision come too late.
import { client, type Wire } from "@/ipc/api";
import { ownClaim } from "./model";
import { useCards } from "./useReview";

const CLAIM = "/api/v1/reviews/{review}/claim";

export interface Held {
  /** The newest version that is known now. */
  version: () => string;
  /** The version that the decision names, once the claim is answered. */
  readonly settled: Promise<string>;
  /** Gives back what was taken here, and not what the person had taken before. */
  giveBack: () => void;
}

/** `until` is when the decision is sent, in milliseconds since the epoch. */
export function useHeldClaim(): (review: Wire<"Review">, until: number) => Held {
  const cards = useCards();
  return (review, until) => {
    let { version } = review;
    if (ownClaim(review, until)) {
      return { version: () => version, settled: Promise.resolve(version), giveBack: () => {} };
    }
    const init = { params: { path: { review: review.id } } };
    // Without the claim the decision is sent all the same: the server says then whether somebody was first.
    const settled = client
      .POST(CLAIM, init)
      .then(({ data }) => {
        if (data) {
          version = data.version;
          cards.put(data);
        }
      })
      .catch(() => {})
      .then(() => version);
    const had = ownClaim(review, Date.now()) !== null;
    const release = async () => {
      await settled;
      if (had) return;
      const { data } = await client.DELETE(CLAIM, init);
      if (data) cards.put(data);
    };
    // Nothing is lost when this fails: the claim ends by itself.
    const giveBack = () => void release().catch(() => cards.reread(review.id));
    return { version: () => version, settled, giveBack };
  };
}
