//! Codes of the feeds server: a feed that cannot be read.

use super::faults;

faults! {
    FEED_SOURCE_INVALID: No, Nothing,
        "The call names no feed, or both an address and a file.",
        "Name one: either its URL or its path.";
    FEED_NOT_LISTED: No, Nothing,
        "This address is none of the feeds that this server may read, so it was not asked.",
        "List the feed where the server is set up; the one inside Chimera reads every feed of a campaign.";
    FEED_ADDRESS_REFUSED: No, Nothing,
        "The feed's host is at a private address, which feeds may not reach.",
        "If the host is yours, start Chimera with it in `CHIMERA_ALLOW_HOSTS`, or write it into `allow_hosts` in its settings file; otherwise remove the feed.";
    FEED_URL_INVALID: No, Nothing,
        "The feed's address cannot be fetched.",
        "Give a complete http or https address.";
    FEED_TOO_LARGE: No, Nothing,
        "The feed is larger than one feed may be, and nothing of it was used.",
        "Ask its owner for a shorter feed, or use another one.";
    FEED_REDIRECTS: No, Nothing,
        "The feed's address leads on to other addresses without end, or to one that may not be asked.",
        "Connect the feed under the address where it really is.";
    FEED_UNREACHABLE: Yes, Nothing,
        "The feed's host cannot be reached, or its answer did not come.",
        "Wait, or open the address in a browser to see whether it is there; the other feeds are read meanwhile.";
    FEED_IDENTITY: No, Nothing,
        "The feed's host cannot prove who it is, so it was not read.",
        "Open its address in a browser to see what is wrong with its certificate; tell its owner, or use another feed.";
    FEED_STATUS: Sometimes, Nothing,
        "The feed's host answered with an error instead of a feed.",
        "A status of 404 or 410 means that the feed has moved: correct its address. One of 429 or 5xx passes.";
    FEED_MALFORMED: No, Nothing,
        "What came is no readable feed, and nothing of it was used.",
        "Check that the address leads to RSS, Atom or JSON Feed and not to a web page; else tell its owner.";
    FEED_FILE_REFUSED: No, Nothing,
        "The file is outside of what was opened for feeds, or is no plain file.",
        "Add the file or its folder to `feed_roots` in the settings.";
    FEED_FILE_UNREADABLE: No, Nothing,
        "The feed's file cannot be read from the disk.",
        "See that Chimera's account may read it; the message has the system's words.";
}
