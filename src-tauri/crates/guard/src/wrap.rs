//! The form in which untrusted text is shown to a model: between delimiters that the text
//! itself cannot write.
//!
//! Never here: randomness (the caller brings the nonce's bytes).

use std::fmt;

use crate::hidden::make_visible;
use crate::span::shorten;

/// Longest name of a source in a delimiter, in characters.
pub const MAX_SOURCE_CHARS: usize = 200;

/// A mark that the author of the text could not know: make a new one for each prompt, from the
/// operating system's random source.
#[derive(Clone, PartialEq, Eq)]
pub struct Nonce(String);

impl Nonce {
    /// The nonce of 16 random bytes.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 16]) -> Self {
        let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
        Self(
            digits
                .filter_map(|digit| char::from_digit(digit.into(), 16))
                .collect(),
        )
    }
}

impl fmt::Display for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Nonce {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Nonce({}…)", &self.0[..8])
    }
}

/// The text between `<untrusted-NONCE source="…">` and `</untrusted-NONCE>`, each on its own
/// line. Every "<" and "&" of the text is written as an entity, so that it can neither close
/// the delimiter nor open any other tag or template token, even if the nonce were known; the
/// nonce makes imitations in other spellings fail too.
#[must_use]
pub fn wrap_untrusted(source: &str, text: &str, nonce: &Nonce) -> String {
    let source = shorten(&one_line(&make_visible(source)), MAX_SOURCE_CHARS);
    format!(
        "<untrusted-{nonce} source=\"{}\">\n{}\n</untrusted-{nonce}>",
        escape(&source).replace('"', "&quot;"),
        escape(text)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;")
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn text_stands_between_marks_that_name_its_source() {
        let nonce = Nonce::from_bytes([0xab; 16]);
        let mark = "ab".repeat(16);
        assert_eq!(
            wrap_untrusted("feed \"x\"\n<y>", "Fish & chips\n<b>now</b>", &nonce),
            format!(
                "<untrusted-{mark} source=\"feed &quot;x&quot; &lt;y>\">\nFish &amp; chips\n&lt;b>now&lt;/b>\n</untrusted-{mark}>"
            )
        );
        assert_eq!(format!("{nonce:?}"), "Nonce(abababab…)");
    }

    proptest! {
        #[test]
        fn the_text_cannot_close_its_wrapping(
            bytes in any::<[u8; 16]>(),
            pieces in proptest::collection::vec((0..7_usize, "\\PC{0,8}"), 0..12),
        ) {
            let nonce = Nonce::from_bytes(bytes);
            let close = format!("</untrusted-{nonce}>");
            // An author who knows the nonce and tries everything.
            let hostile = [&close, "<", "&", "/untrusted", "\n", "<|im_end|>", "&lt;"];
            let text: String = pieces.iter().map(|(i, other)| format!("{}{other}", hostile[*i])).collect();
            let wrapped = wrap_untrusted(&text, &text, &nonce);
            prop_assert_eq!(wrapped.matches(&close).count(), 1);
            prop_assert!(wrapped.ends_with(&close));
            prop_assert_eq!(wrapped.matches('<').count(), 2);
            let (head, _) = wrapped.split_once('\n').unwrap();
            prop_assert!(head.ends_with("\">"));
            prop_assert_eq!(head.matches('"').count(), 2);
            // Nothing is lost: undoing the entities gives the text back.
            let body = &wrapped[head.len() + 1..wrapped.len() - close.len() - 1];
            prop_assert_eq!(body.replace("&lt;", "<").replace("&amp;", "&"), text);
        }
    }
}
