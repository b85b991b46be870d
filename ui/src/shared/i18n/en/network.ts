// Words of the sandbox network.
export const network = {
  title: "Sandbox network",
  local: "local",
  localText:
    "A network on this machine only. What is published here can be read by nobody outside, and nobody outside writes here.",
  about: "What this is",
  figuresText:
    "Replies are real. Likes, shares and views are made up by a fixed rule, and say so; do not read success into them.",
  accounts: "Accounts",
  everybody: "Everybody",
  feed: "Posts, the newest first",
  thread: "Thread",
  back: "All posts",
  replies_one: "{{count}} reply",
  replies_other: "{{count}} replies",
  open: "Open the thread",
  persona: "Persona of {{name}}",
  answers: "answers a post",
  failed: "The sandbox network could not be read",
  more: "Reading more",
  empty: {
    title: "Nobody has posted yet",
    text: "What is approved for the sandbox appears here once its hold is over.",
    from: "{{handle}} has not posted",
    fromText: "Nothing of this account is here.",
    review: "Go to review",
    thread: "No replies yet",
    threadText: "Agents who answer this post appear here.",
  },
} as const;
