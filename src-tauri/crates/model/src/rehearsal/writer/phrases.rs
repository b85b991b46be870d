//! The rehearsal writer's phrase book: a page for each manner.
//!
//! Slots: `{h}` headline, `{f}` a quoted sentence, `{s}` the source's name, `{t}` the topic, `{w}` a
//! favoured word. No phrase states a figure, a superlative or a comparison: those may only come from a
//! source. Never here: choosing or filling.

use crate::rehearsal::voice::Manner;

/// Phrases of one manner.
pub(crate) struct Page {
    /// Whole bodies that quote a sentence; each takes another way in.
    pub quoting: [&'static str; 4],
    /// Whole bodies for an item without a sentence to quote.
    pub bare: [&'static str; 2],
    /// Last lines.
    pub closing: [&'static str; 4],
}

/// Last lines with one of the persona's favoured words.
pub(crate) const FAVOURED: [&str; 3] = ["Filed under {w}.", "In a word: {w}.", "Keyword: {w}."];

/// Between one quotation and the next of the same source, on networks with room.
pub(crate) const FURTHER: [&str; 3] = ["Also there: “{f}”", "It goes on: “{f}”", "And: “{f}”"];

/// What is said when no item may be used.
pub(crate) const NOTHING: [&str; 2] = [
    "On {t}: no source today that fits our own rules, so no claim either. We come back with a source.",
    "Nothing we could stand behind on {t} today. We keep reading and name our source when there is one.",
];

/// The page of a manner.
pub(crate) const fn page(manner: Manner) -> &'static Page {
    match manner {
        Manner::Precise => &PRECISE,
        Manner::Warm => &WARM,
        Manner::Playful => &PLAYFUL,
        Manner::Dry => &DRY,
        Manner::Brief => &BRIEF,
        Manner::Curious => &CURIOUS,
        Manner::Bold => &BOLD,
        Manner::Formal => &FORMAL,
        Manner::Plain => &PLAIN,
    }
}

const PRECISE: Page = Page {
    quoting: [
        "{h}. The line that carries it: “{f}” ({s})",
        "“{f}” That is the detail behind the headline: {h}. Source: {s}.",
        "On {t}, as reported by {s}: {h}. In the text: “{f}”",
        "What is known about {t} as of this report: {h}. Stated at {s}: “{f}”",
    ],
    bare: [
        "On {t}: {h}. Source: {s}.",
        "{h}. Reported by {s}; the text behind it is short, so it is left at that.",
    ],
    closing: [
        "Check it at the source before you repeat it.",
        "A second source would settle it.",
        "Noted for anyone who follows {t}.",
        "The wording is theirs.",
    ],
};

const WARM: Page = Page {
    quoting: [
        "Something for everyone who cares about {t}: {h}. “{f}” With thanks to {s} for the report.",
        "A good read for friends of {t}: {h}. “{f}” You can find it at {s}.",
        "If you care about {t}, take a minute for this: {h}. {s} writes: “{f}”",
        "“{f}” So writes {s}, and we are glad they did: {h}.",
    ],
    bare: [
        "If you care about {t}, this is for you: {h}. You can read it at {s}.",
        "Hello to all friends of {t}: {h}. Thanks to {s} for telling us.",
    ],
    closing: [
        "Tell us what you make of it.",
        "You are welcome to share what you know.",
        "Thank you for reading with us.",
        "Enjoy your day, everyone.",
    ],
};

const PLAYFUL: Page = Page {
    quoting: [
        "Plot twist in {t}: {h}! “{f}” (So says {s}.)",
        "Psst. {h}. “{f}” ({s} said it, not us.)",
        "Guess what turned up on the subject of {t}: {h}. {s} has the receipts: “{f}”",
        "“{f}” You heard it from {s} (also known as: {h}).",
    ],
    bare: [
        "Plot twist in {t}: {h}! ({s} said it, not us.)",
        "Psst, friends of {t}: {h}. Spoiler at {s}.",
    ],
    closing: [
        "Place your bets.",
        "Who knew?",
        "No pressure, {t}.",
        "(Kettle on, reading on.)",
    ],
};

const DRY: Page = Page {
    quoting: [
        "{h}. “{f}” So {s}. Noted.",
        "{s} on {t}: “{f}” The headline: {h}. That is all.",
        "{h}, it turns out. “{f}” ({s})",
        "Today in {t}: {h}. The fine print, by {s}: “{f}”",
    ],
    bare: [
        "{h}. So {s}. Noted.",
        "Today in {t}: {h}. Via {s}. That is all.",
    ],
    closing: [
        "Carry on.",
        "Make of that what you will.",
        "As you were.",
        "It happens.",
    ],
};

const BRIEF: Page = Page {
    quoting: [
        "{h}. “{f}” Via {s}.",
        "{t}, in short. {h}. “{f}” ({s})",
        "“{f}” Source: {s}. Headline: {h}.",
        "A short line on {t}. {h}. {s}: “{f}”",
    ],
    bare: ["{h}. Via {s}.", "{t}, in short. {h}. ({s})"],
    closing: [
        "That is it.",
        "Read on there.",
        "To be continued.",
        "So it goes.",
    ],
};

const CURIOUS: Page = Page {
    quoting: [
        "What does this mean for {t}? {h}. A clue from {s}: “{f}”",
        "{h}. Why now? {s} offers this: “{f}”",
        "“{f}” That is from {s}. Behind it: {h}. What would you ask?",
        "How did {t} get here? {h}. {s} reports: “{f}”",
    ],
    bare: [
        "{h}. What would you ask first? ({s})",
        "What does this change for {t}? {h}. Reported by {s}.",
    ],
    closing: [
        "What did they leave out?",
        "What would you look at first?",
        "Who has seen this up close?",
        "Where would you start?",
    ],
};

const BOLD: Page = Page {
    quoting: [
        "Read this if {t} matters to you: {h}. “{f}” Source: {s}.",
        "Mark this: {h}. {s} puts it plainly: “{f}”",
        "Look at {t} today: {h}. “{f}” ({s})",
        "“{f}” Take that in. {h}. Full report at {s}.",
    ],
    bare: [
        "Mark this: {h}. Full report at {s}.",
        "Look at {t} today: {h}. Read it at {s}.",
    ],
    closing: [
        "Start there.",
        "Keep your eyes on this.",
        "Your move.",
        "Tell us where you stand.",
    ],
};

const FORMAL: Page = Page {
    quoting: [
        "{s} reports on {t}: {h}. The article states: “{f}”",
        "{h}, according to {s}. From the text: “{f}”",
        "The following was reported by {s} and concerns {t}. {h}. “{f}”",
        "“{f}” This is how {s} describes the matter. The report is titled: {h}.",
    ],
    bare: ["{s} reports on {t}: {h}.", "{h}, according to {s}."],
    closing: [
        "The full text is available at the source.",
        "Further reports will be considered as they appear.",
        "The matter is of interest to readers of {t}.",
        "Comments are invited.",
    ],
};

const PLAIN: Page = Page {
    quoting: [
        "{h}. In their words: “{f}” Read it at {s}.",
        "News on {t}: {h}. What it says: “{f}” ({s})",
        "“{f}” That is from {s}, in a piece called: {h}.",
        "Here is what is new in {t}. {h}. {s} says: “{f}”",
    ],
    bare: ["News on {t}: {h}. Read it at {s}.", "{h}. Found at {s}."],
    closing: [
        "What do you think?",
        "Plain and simple.",
        "Good to know.",
        "Pass it on.",
    ],
};

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rehearsal::claims::checkable;

    #[test]
    fn no_phrase_claims_anything_of_its_own() {
        for manner in Manner::ALL {
            let page = page(manner);
            let phrases = page.quoting.iter().chain(&page.bare).chain(&page.closing);
            for phrase in phrases.chain(&FAVOURED).chain(&FURTHER).chain(&NOTHING) {
                assert_eq!(checkable(phrase), vec![], "{phrase}");
            }
        }
    }
}
