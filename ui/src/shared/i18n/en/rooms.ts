// Words of the small rooms: fleet, content, trends.
export const fleet = {
  failed: "The agents could not be read",
  list: "Agents",
  empty: "There is no agent",
  emptyText: "Each persona is an agent. Write one, and it appears here.",
  writePersona: "Write a persona",
  column: {
    agent: "Agent",
    activity: "Does",
    work: "In hand",
    open: "Open tasks",
    persona: "Persona",
    since: "Made",
  },
  control: { running: "", paused: "paused", stopped: "stopped" },
  idle: "nothing",
  version: "v{{number}}",
  more: "Show more",
} as const;

export const content = {
  failed: "The publications could not be read",
  list: "Publications",
  empty: "Nothing was published yet",
  emptyText: "Posts appear here when they are about to leave and stay when they have left.",
  network: "Sandbox network",
  column: {
    when: "When",
    agent: "Agent",
    text: "Text",
    where: "Where",
    status: "State",
    views: "Views",
    likes: "Likes",
    comments: "Replies",
  },
  status: { scheduled: "scheduled", published: "published", failed: "failed" },
  simulated: "Figures of the sandbox are made up by it.",
  noFigure: "–",
  noFigureText: "not given by the network",
  more: "Show more",
} as const;

export const trends = {
  failed: "The trends could not be read",
  list: "Trends",
  empty: "No feed was read yet",
  emptyText:
    "What a campaign's research reads in its feeds appears here, with what each source says of it.",
  compose: "Begin a campaign",
  column: {
    when: "When",
    topic: "Topic",
    words: "What its source says",
    source: "Source",
    rate: "Mentions",
    figures: "Figures",
    act: "Use",
  },
  rate: "{{rate}} an hour",
  rateText: "how often what was read speaks of it, by the times that the sources give",
  figure: {
    views: "{{amount}} views",
    likes: "{{amount}} likes",
    comments: "{{amount}} replies",
    shares: "{{amount}} shares",
  },
  noFigures: "not given",
  note: "As feeds were last read; the words and addresses are their writers'. A figure that a source does not give is not made up.",
  brief: "Make a brief",
  goal: "One post about: {{title}}",
  more: "Show more",
} as const;
