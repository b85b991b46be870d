//! Codes of what is wrong with a SOUL.md or a skill's files; each finding has its line and what to write instead.
//! A file with an error is not taken; one with warnings only is.

use super::faults;

faults! {
    FILE_TOO_LARGE: No, Nothing,
        "The file is larger than is read.",
        "Shorten it: long background belongs into memories.";
    FILE_UNREADABLE: No, Nothing,
        "A file of the skill is missing or cannot be read, so the skill is left out.",
        "Add it, or make it a plain UTF-8 file of at most 256 KiB that Chimera may read.";
    FOLDER_UNREADABLE: No, Nothing,
        "A folder of skills cannot be read, so none of its skills is there.",
        "Check that it is a folder and that Chimera may read it.";
    FOLDER_TOO_FULL: No, Something,
        "A folder holds more skills than are read; the first by name were.",
        "Move some into another folder.";
    NO_FRONT_MATTER: No, Nothing,
        "The file does not begin with a block between two `---` lines.",
        "Write one at the top; the finding says which keys it needs.";
    FRONT_MATTER_OPEN: No, Nothing,
        "The block at the top of the file is never closed.",
        "Write a line with only `---` after its last key.";
    FRONT_MATTER_NOT_FIRST: No, Nothing,
        "The block between the `---` lines does not begin on the first line.",
        "Delete the empty lines above it.";
    NOT_YAML: No, Nothing,
        "The block at the top of the file is not YAML.",
        "Check quotes, colons and leading spaces on and above the line of the finding.";
    NOT_KEYS: No, Nothing,
        "The block at the top of the file does not consist of keys with values.",
        "Write one `key: value` a line, with a space after the colon.";
    NOT_JSON: No, Nothing,
        "A schema or the examples of the skill are not JSON.",
        "Correct the JSON at the place of the finding.";
    TOO_COMPLEX: No, Nothing,
        "The block at the top of the file nests too deep or holds too many values.",
        "Keep to plain keys, texts and lists.";
    ANCHOR: No, Nothing,
        "The file uses anchors, references or merges, which are not read here.",
        "Write the text out; put quotes around a value that begins with & or *.";
    TAG: No, Nothing,
        "The file uses a YAML tag, which is not read here.",
        "Delete it, or put quotes around a value that begins with !.";
    DUPLICATE_KEY: No, Nothing,
        "A key is written twice.",
        "Keep one of them.";
    MISSING_KEY: No, Nothing,
        "A key that the file must have is missing.",
        "Add the line that the finding shows.";
    MISSPELT_KEY: No, Nothing,
        "A key is almost one that is read.",
        "Write it as the finding says.";
    UNKNOWN_KEY: No, Something,
        "A key is not one that is read; the file is taken without it.",
        "Delete it, or write what matters of it where the finding says.";
    WRONG_TYPE: No, Nothing,
        "A key has a value of another kind than it needs.",
        "Write it as the finding says.";
    EMPTY: No, Nothing,
        "A key or an item has no value.",
        "Write it, or delete it.";
    EMPTY_LIST: No, Nothing,
        "A list that needs items has none.",
        "Write its items below it, each on a line of its own that begins with a dash.";
    TOO_MANY: No, Nothing,
        "A list has more items than are read.",
        "Keep those that matter most.";
    TOO_LONG: No, Nothing,
        "A text is longer than is read.",
        "Shorten it.";
    HIDDEN_CHARACTER: No, Nothing,
        "The file has characters that nobody sees, and that can change what a model reads.",
        "Delete them; paste the text through a plain-text editor if you cannot find them.";
    BAD_NAME: No, Nothing,
        "A name has characters that names do not have.",
        "Use a–z, 0–9, `-` and `_`, beginning with a letter or digit.";
    NAME_IS_NOT_FOLDER: No, Nothing,
        "The skill's name and its folder differ.",
        "Give both the same name.";
    NAME_TAKEN: No, Nothing,
        "Another skill has this name and stays.",
        "Rename one of them, and its folder.";
    STEERS_A_MODEL: No, Nothing,
        "Words of the file are an attack on whatever model reads them.",
        "Take them out, or say in other words what is meant.";
    NATIVE_NOT_OURS: No, Nothing,
        "The skill claims to be code, which only skills that ship with Chimera are.",
        "Write `run: loop`, and the instructions below the block at the top.";
    INTENT_NOT_OURS: No, Nothing,
        "The skill claims to prepare actions, which only skills that ship with Chimera do.",
        "Write `side_effects: none`, and let publish_content prepare the post.";
    BAD_METADATA: No, Nothing,
        "What stands below `metadata` in the skill cannot be used.",
        "Write it as the finding says.";
    BAD_SCHEMA: No, Nothing,
        "A schema of the skill is no JSON Schema, or refers to something outside itself.",
        "Write a JSON Schema (2020-12) that is complete in itself.";
    EXAMPLE_INVALID: No, Nothing,
        "An example of the skill does not fit the skill's own schema.",
        "Correct the example or the schema.";
    NO_BACKSTORY: No, Something,
        "There is no text below the block at the top; the persona is taken without.",
        "Write a few sentences about who this is and where it comes from.";
    LONG_BACKSTORY: No, Something,
        "The backstory is long, and is read at every turn; the persona is taken with it.",
        "Keep what shapes the voice.";
    LOOK_ALIKE: No, Something,
        "A name or a word of the lexicon has letters of another script that are taken for others; the persona is taken with it.",
        "Type the word anew in one script.";
    NO_VALUES: No, Something,
        "The persona has no values for the judge to hold drafts against; it is taken without.",
        "Add `values:` and lines below it.";
    MANY_TRAITS: No, Something,
        "The persona has more voice traits than can be heard in one post; it is taken with all of them.",
        "Keep those that can be heard.";
    REPEATED: No, Something,
        "A line stands there twice; the persona is taken all the same.",
        "Delete one of them.";
    FORBIDDEN_AND_LIKED: No, Something,
        "A word is both wanted and forbidden, so every draft that uses it fails; the persona is taken all the same.",
        "Decide for one of them.";
    DISCLOSURE_OFF: No, Nothing,
        "A line would hide that an AI writes, which cannot be switched off.",
        "Delete it. In the key it keeps the file from being taken; in the text below it has no effect.";
}
