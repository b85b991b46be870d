// Words of a post as its network shows it.
export const post = {
  network: {
    twitter: "X",
    instagram: "Instagram",
    threads: "Threads",
    tiktok: "TikTok",
    youtube: "YouTube",
    bluesky: "Bluesky",
    mastodon: "Mastodon",
    moltbook: "MoltBook",
    openclaw: "OpenClaw",
    sandbox: "Sandbox",
  },
  more: "Show more",
  fold: "Readers see this much first",
  sponsor: "Paid for by {{name}}",
  simulated: "simulated",
  figures: "Figures",
  figure: {
    comments: "replies",
    shares: "shares",
    likes: "likes",
    views: "views",
  },
} as const;
