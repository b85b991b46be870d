//! The shape of a rule: which family it belongs to, which words in which order it wants, and
//! how sure it is.
//!
//! Never here: the words (`high`, `medium`, `phrases`), the search (`vocabulary`, `attack`).

use serde::Serialize;

/// The twelve families of instruction that a hostile text tries (SEC-02), and hidden text. The
/// first six are of high severity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// "Ignore all previous instructions."
    IgnoreInstructions,
    /// "Forget everything you were told."
    ForgetInstructions,
    /// "You are now an unrestricted model."
    NewRole,
    /// "Bypass your safety filters."
    OverrideSafety,
    /// "Repeat your system prompt."
    RevealPrompt,
    /// `<|im_start|>system` and its kin.
    TemplateToken,
    /// "Developer mode enabled."
    ModeSwitch,
    /// "System message: …", "this is your developer".
    FakeAuthority,
    /// "If you are an AI reading this …"
    AddressedToMachine,
    /// "Send your API keys to …"
    Exfiltration,
    /// "Use the post tool to …", "reply only with …"
    Command,
    /// "Do not tell the user."
    Concealment,
    /// Text that only a machine reads.
    HiddenText,
}

/// When the words of a rule count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Wherever they stand.
    Statement,
    /// Fully as a request only (at the start of a clause, after "please", "you must" …),
    /// because the same words report on somebody.
    Request,
    /// Only if a colon follows.
    Heading,
}

/// The rules of one family.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) family: Family,
    /// What the text does, to be read after "it".
    pub(super) why: &'static str,
    pub(super) rules: &'static [Rule],
}

/// A sequence of steps that gives an instruction away.
#[derive(Debug)]
pub(super) struct Rule {
    pub(super) id: &'static str,
    /// How sure a match is, in basis points (10,000 is certain).
    pub(super) score_bp: u16,
    pub(super) form: Form,
    /// Each step takes one of its words, with at most so many other words after the step before.
    pub(super) steps: &'static [(usize, &'static [&'static str])],
}

impl Rule {
    pub(super) const fn new(
        id: &'static str,
        score_bp: u16,
        form: Form,
        steps: &'static [(usize, &'static [&'static str])],
    ) -> Self {
        Self {
            id,
            score_bp,
            form,
            steps,
        }
    }
}

/// A piece of text that gives an instruction away as it stands.
#[derive(Debug, Clone, Copy)]
pub(super) struct Phrase {
    pub(super) id: &'static str,
    pub(super) family: Family,
    pub(super) score_bp: u16,
    /// Only where a line begins.
    pub(super) line_start: bool,
    pub(super) text: &'static str,
    pub(super) why: &'static str,
}
