//! HTML to plain text, and the bounds of texts.
//!
//! Only the tokenizer of the HTML standard is used and no tree is built: the work grows with the
//! length alone, whatever a hostile feed nests. Words are kept as they are, hidden characters
//! included: finding those is the gateway's work (`guard`), and it must see them to do so.
//!
//! Never here: judging what a text says.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::RawKind,
    },
};

/// Most bytes of markup that are read for one text; longer ones are cut before they are parsed.
const MAX_MARKUP_BYTES: usize = 256 * 1024;

/// The words of an HTML fragment: tags gone, entities resolved, blocks on lines of their own,
/// white space folded.
pub(super) fn from_html(markup: &str) -> String {
    let mut end = markup.len().min(MAX_MARKUP_BYTES);
    while !markup.is_char_boundary(end) {
        end -= 1;
    }
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(&markup[..end]));
    let tokenizer = Tokenizer::new(Words::default(), TokenizerOpts::default());
    // A script would suspend the tokenizer; none is ever reported as one.
    let _state = tokenizer.feed(&input);
    tokenizer.end();
    fold(&tokenizer.sink.text.into_inner())
}

/// `text` cut to `max` characters; tells its length when it was longer.
pub(super) fn cut(text: String, max: usize) -> (String, Option<usize>) {
    match text.char_indices().nth(max) {
        None => (text, None),
        Some((at, _)) => {
            let length = text.chars().count();
            let mut short = text;
            short.truncate(at);
            (short, Some(length))
        }
    }
}

/// Runs of white space and control characters become one space, or one line break where there
/// was one among them.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len().min(4_096));
    let (mut is_apart, mut is_broken) = (false, false);
    for letter in text.chars() {
        if letter.is_whitespace() || letter.is_control() {
            is_apart = true;
            is_broken |= matches!(letter, '\n' | '\u{2028}' | '\u{2029}');
            continue;
        }
        if is_apart && !folded.is_empty() {
            folded.push(if is_broken { '\n' } else { ' ' });
        }
        (is_apart, is_broken) = (false, false);
        folded.push(letter);
    }
    folded
}

#[derive(Default)]
struct Words {
    text: RefCell<String>,
    /// The element whose content is no text, until its end tag.
    silent: RefCell<Option<String>>,
}

impl TokenSink for Words {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::CharacterTokens(words) if self.silent.borrow().is_none() => {
                self.text.borrow_mut().push_str(&words);
            }
            Token::TagToken(tag) => {
                let name: &str = &tag.name;
                if tag.kind == TagKind::EndTag {
                    if self.silent.borrow().as_deref() == Some(name) {
                        self.silent.replace(None);
                    }
                } else if let Some(kind) = raw_content(name).filter(|_| !tag.self_closing) {
                    self.silent.replace(Some(name.to_owned()));
                    return TokenSinkResult::RawData(kind);
                }
                self.text.borrow_mut().push_str(gap(name));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Elements whose content is not shown as text, and how the standard reads it.
fn raw_content(name: &str) -> Option<RawKind> {
    match name {
        "script" => Some(RawKind::ScriptData),
        "style" | "iframe" | "noembed" | "noframes" | "xmp" => Some(RawKind::Rawtext),
        "title" | "textarea" => Some(RawKind::Rcdata),
        _ => None,
    }
}

/// What stands between the words on both sides of a tag.
fn gap(name: &str) -> &'static str {
    match name {
        "p" | "div" | "br" | "hr" | "li" | "ul" | "ol" | "dl" | "dt" | "dd" | "tr" | "table"
        | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "section"
        | "article" | "aside" | "header" | "footer" | "figure" | "figcaption" | "address"
        | "main" | "nav" | "details" | "summary" | "form" | "fieldset" => "\n",
        "td" | "th" | "img" | "option" => " ",
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_stay_and_markup_goes() {
        for (markup, text) in [
            ("plain words", "plain words"),
            ("<p>one</p><p>two<br>three</p>", "one\ntwo\nthree"),
            (
                "a<b>b</b>c &amp; d &lt;e&gt; &eacute;&#x2014;",
                "abc & d <e> é—",
            ),
            ("<ul><li>x<li>y</ul>", "x\ny"),
            (
                "<script>alert('<p>no</p>')</script>yes<style>p{}</style>",
                "yes",
            ),
            ("<SCRIPT>no</SCRIPT >yes", "yes"),
            ("<!-- no --><![CDATA[no]]>yes", "yes"),
            ("<img src=x onerror=alert(1)>yes<iframe>no</iframe>", "yes"),
            ("2 < 3 and 5 > 4", "2 < 3 and 5 > 4"),
            ("unclosed <b attr=\"", "unclosed"),
            ("<script>never closed", ""),
            ("  many \t\r\n\n  gaps\u{0} ", "many\ngaps"),
        ] {
            assert_eq!(from_html(markup), text, "{markup}");
        }
    }

    #[test]
    fn hidden_characters_are_left_for_the_gateway_to_find() {
        assert_eq!(from_html("a\u{200b}b\u{202e}c"), "a\u{200b}b\u{202e}c");
    }

    #[test]
    fn a_cut_counts_characters() {
        assert_eq!(cut("öäü".into(), 3), ("öäü".into(), None));
        assert_eq!(cut("öäüß".into(), 3), ("öäü".into(), Some(4)));
    }

    #[test]
    fn deep_nesting_and_great_length_are_just_more_text() {
        let deep = "<div><b>".repeat(100_000) + "x";
        assert!(from_html(&deep).len() <= 1);
        let long = "ö".repeat(MAX_MARKUP_BYTES);
        assert_eq!(from_html(&long).len(), MAX_MARKUP_BYTES);
    }

    proptest! {
        #[test]
        fn no_tag_survives_whatever_comes(markup in "(<|>|/|p|script|!|--|&|;|\"| |a|=|\n){0,80}") {
            let text = from_html(&markup);
            prop_assert!(!text.to_lowercase().contains("<script>") || markup.contains('&'), "{}", text);
        }
    }
}
