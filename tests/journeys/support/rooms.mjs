// Every room of the console on the data of a scene.

/** Rooms by their address: what must be there before one looks. */
export function rooms({ published, planned, agent, post, review, decided }) {
  return [
    ["home", "/", "Waits for you"],
    ["review", `/review/${review}`, "Why it is here"],
    ["review, decided", `/review/${decided}`, "Built from"],
    ["campaigns", "/campaigns", "Draft"],
    ["new campaign", "/campaigns/new", "Make a plan"],
    ["plan", `/campaigns/${planned}/plan`, "Nothing leaves before you start."],
    ["campaign", `/campaigns/${published}`, "Completed"],
    ["personas", "/personas", "Mara Voss"],
    ["persona", `/personas/${agent}`, "Mara Voss"],
    ["new persona", "/personas/new", "Save"],
    ["fleet", "/fleet", "Mara Voss"],
    ["traces", "/traces", "in / out"],
    ["content", "/content", "published"],
    ["trends", "/trends", "Make a brief"],
    ["network", "/network", "What this is"],
    ["thread", `/network/${post}`, "All posts"],
    ["incidents", "/incidents", "Security events"],
    ["audit", "/audit", "Campaign started"],
    ["connections", "/connections", "Sample feed (invented news)"],
    ["policies", "/policies", "What goes out by itself"],
    ["settings, you", "/settings", "Your account"],
  ];
}

