//! The fields of SOUL.md: their keys, their bounds, and the other words that people use for them.
//!
//! Never here: reading a value.

use serde::{Deserialize, Serialize};

use crate::{read::ListBounds, spelling};

/// A field of a persona. On the wire by its key in the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// Name as readers see it.
    Name,
    /// The persona's own id.
    Id,
    /// What it does in the world.
    Role,
    /// How it speaks.
    VoiceTraits,
    /// Rules it never breaks.
    Directives,
    /// What it believes in.
    Values,
    /// Words it likes.
    Lexicon,
    /// Words that may never appear.
    Forbidden,
    /// Topics it leaves alone.
    ForbiddenTopics,
    /// Skills it may use.
    Skills,
    /// The body of the file.
    Backstory,
}

impl Field {
    /// Every field, in the order in which a new file writes them.
    pub const ALL: [Self; 11] = [
        Self::Name,
        Self::Id,
        Self::Role,
        Self::VoiceTraits,
        Self::Directives,
        Self::Values,
        Self::Lexicon,
        Self::Forbidden,
        Self::ForbiddenTopics,
        Self::Skills,
        Self::Backstory,
    ];

    /// Its key in the front matter; the backstory has none there, it is the body.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Id => "id",
            Self::Role => "role",
            Self::VoiceTraits => "voice_traits",
            Self::Directives => "directives",
            Self::Values => "values",
            Self::Lexicon => "lexicon",
            Self::Forbidden => "forbidden",
            Self::ForbiddenTopics => "forbidden_topics",
            Self::Skills => "skills",
            Self::Backstory => "backstory",
        }
    }

    /// Whether a file must have it (COG-02).
    #[must_use]
    pub const fn is_required(self) -> bool {
        matches!(
            self,
            Self::Name | Self::Id | Self::VoiceTraits | Self::Directives
        )
    }

    /// Whether it holds one text and not a list of them.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Id | Self::Role | Self::Backstory)
    }

    /// Most characters of the text, or of one item.
    #[must_use]
    pub const fn max_chars(self) -> usize {
        match self {
            Self::Name => 80,
            Self::Id | Self::Skills => 64,
            Self::Role => 160,
            Self::VoiceTraits | Self::Values => 280,
            Self::Directives => 500,
            Self::Lexicon | Self::Forbidden | Self::ForbiddenTopics => 80,
            Self::Backstory => crate::MAX_FILE_BYTES,
        }
    }

    /// Bounds of the list.
    pub(crate) const fn list_bounds(self) -> ListBounds {
        let max_items = match self {
            Self::Lexicon | Self::Forbidden => 500,
            Self::ForbiddenTopics => 100,
            _ => 64,
        };
        ListBounds {
            min_items: if self.is_required() { 1 } else { 0 },
            max_items,
            max_item_chars: self.max_chars(),
        }
    }

    /// The field of a front matter key, exactly written.
    pub(crate) fn of_key(key: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|field| *field != Self::Backstory && field.key() == key)
    }

    /// The field that somebody meant who wrote `key`.
    pub(crate) fn meant_by(key: &str) -> Option<Self> {
        let plain = spelling::plain(key);
        if let Some((_, field)) = SYNONYMS.iter().find(|(word, _)| *word == plain) {
            return Some(*field);
        }
        let keys = Self::ALL.map(Self::key);
        let nearest = spelling::nearest(key, keys)?;
        Self::ALL.into_iter().find(|field| field.key() == nearest)
    }
}

/// Other people's words for our fields. Dropping such a key silently could drop a rule.
const SYNONYMS: [(&str, Field); 26] = [
    ("voice", Field::VoiceTraits),
    ("tone", Field::VoiceTraits),
    ("traits", Field::VoiceTraits),
    ("vibe", Field::VoiceTraits),
    ("personality", Field::VoiceTraits),
    ("rules", Field::Directives),
    ("constraints", Field::Directives),
    ("boundaries", Field::Directives),
    ("hard_rules", Field::Directives),
    ("beliefs", Field::Values),
    ("core_beliefs", Field::Values),
    ("core_values", Field::Values),
    ("core_truths", Field::Values),
    ("vocabulary", Field::Lexicon),
    ("forbidden_words", Field::Forbidden),
    ("forbidden_content", Field::Forbidden),
    ("banned_words", Field::Forbidden),
    ("blocked_words", Field::Forbidden),
    ("forbidden_phrases", Field::Forbidden),
    ("avoid_topics", Field::ForbiddenTopics),
    ("banned_topics", Field::ForbiddenTopics),
    ("allowed_skills", Field::Skills),
    ("job", Field::Role),
    ("bio", Field::Backstory),
    ("background", Field::Backstory),
    ("story", Field::Backstory),
];

/// Keys that other SOUL.md files carry and that mean nothing here (COG-05's version and DNA among them).
pub(super) const CARRIED: [&str; 12] = [
    "version",
    "dna",
    "dna_signature",
    "emoji",
    "avatar",
    "model",
    "metadata",
    "license",
    "author",
    "description",
    "tags",
    "title",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_lead_to_their_fields_and_back() {
        for field in Field::ALL {
            let expected = (field != Field::Backstory).then_some(field);
            assert_eq!(Field::of_key(field.key()), expected);
            assert_eq!(Field::meant_by(field.key()), Some(field));
            assert_eq!(serde_json::to_value(field).unwrap(), field.key());
        }
        assert_eq!(Field::meant_by("Forbidden Words"), Some(Field::Forbidden));
        assert_eq!(Field::meant_by("direktive"), Some(Field::Directives));
        assert_eq!(Field::meant_by("homepage"), None);
    }
}
