//! What servers say of themselves, as people are shown it: a sign that is not seen, steers a terminal or turns the direction
//! of reading is named where it stands. What is compared, pinned and called goes by the words as they came.
//!
//! Never here: words that models are given (`guard` normalises those), or what is held back (a difference shows its bytes).

use chimera_guard::make_visible;
use chimera_ports::{
    registry::ShownServer,
    tools::{OfferedArgument, OfferedPrompt, OfferedResource, ServerOffer},
};

/// A server whose name for itself, former tools and last words can be read as they are.
pub(super) fn server(mut shown: ShownServer) -> ShownServer {
    for line in &mut shown.last_words {
        see(line);
    }
    for edition in &mut shown.server.entry.editions.seen {
        see(&mut edition.told.name);
        see(&mut edition.told.version);
        for change in &mut edition.changes {
            see(&mut change.tool);
        }
    }
    shown
}

/// An offer whose titles and descriptions can be read as they are, and the names that nothing is called by.
pub(super) fn offer(offer: &ServerOffer) -> ServerOffer {
    ServerOffer {
        resources: offer.resources.iter().map(resource).collect(),
        templates: offer.templates.iter().map(resource).collect(),
        prompts: offer.prompts.iter().map(prompt).collect(),
        left_out: offer.left_out.iter().map(|why| make_visible(why)).collect(),
    }
}

fn resource(resource: &OfferedResource) -> OfferedResource {
    OfferedResource {
        name: make_visible(&resource.name),
        title: resource.title.as_deref().map(make_visible),
        description: make_visible(&resource.description),
        ..resource.clone()
    }
}

/// A prompt is got by its name and its arguments by theirs, so those stay.
fn prompt(prompt: &OfferedPrompt) -> OfferedPrompt {
    let arguments = prompt.arguments.iter().map(|argument| OfferedArgument {
        description: make_visible(&argument.description),
        ..argument.clone()
    });
    OfferedPrompt {
        title: prompt.title.as_deref().map(make_visible),
        description: make_visible(&prompt.description),
        arguments: arguments.collect(),
        ..prompt.clone()
    }
}

fn see(text: &mut String) {
    *text = make_visible(text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_and_descriptions_show_what_nobody_sees_and_addresses_stay() {
        let hostile = "a\u{1b}[2Jb\u{202e}c";
        let seen = "a⟨U+001B⟩[2Jb⟨U+202E⟩c";
        let resource = |text: &str, uri: &str| OfferedResource {
            uri: uri.to_owned(),
            name: text.to_owned(),
            title: Some(text.to_owned()),
            description: text.to_owned(),
            mime_type: None,
            bytes: None,
        };
        let prompt = |text: &str| OfferedPrompt {
            name: hostile.to_owned(),
            title: Some(text.to_owned()),
            description: text.to_owned(),
            arguments: vec![OfferedArgument {
                name: hostile.to_owned(),
                description: text.to_owned(),
                required: true,
            }],
        };
        let offered = |text: &str| ServerOffer {
            resources: vec![resource(text, hostile)],
            templates: vec![resource(text, hostile)],
            prompts: vec![prompt(text)],
            left_out: vec![text.to_owned()],
        };
        assert_eq!(offer(&offered(hostile)), offered(seen));
    }
}
