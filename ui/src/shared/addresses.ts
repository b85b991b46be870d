// Where things are in the console, for links: `<Link to={at.review(id)}>`.

export const at = {
  home: "/",
  /** The rest of the first run: who thinks, and a first campaign. */
  welcome: "/welcome",
  review: (review?: string) => (review ? `/review/${review}` : "/review"),
  campaigns: "/campaigns",
  /** A campaign's own page. */
  campaign: (campaign: string) => `/campaigns/${campaign}`,
  /** The composer: empty, or with the campaign's plan. */
  compose: (campaign?: string) => (campaign ? `/campaigns/${campaign}/plan` : "/campaigns/new"),
  /** `new` writes a new persona. */
  persona: (agent?: string) => (agent ? `/personas/${agent}` : "/personas"),
  /** A run, with one of its spans opened. */
  trace: (trace?: string, span?: string) => {
    const run = trace ? `/traces/${trace}` : "/traces";
    return span ? `${run}?span=${span}` : run;
  },
  content: "/content",
  trends: "/trends",
  /** The sandbox network, or one post in it. */
  network: (post?: string) => (post ? `/network/${post}` : "/network"),
  fleet: "/fleet",
  incidents: "/incidents",
  audit: "/audit",
  connections: "/connections",
  policies: "/policies",
  settings: "/settings",
} as const;
