//! Pieces of text that give an instruction away as they stand: the tokens of chat templates,
//! line openings of transcripts, and scripts without spaces between words.
//!
//! Never here: rules over words (`high`, `medium`).

use super::rules::{Family, Phrase};

const TOKEN: &str = "contains a control token of a chat template";
const TURN: &str = "opens a line like a turn of a conversation with a model";
const IGNORES: &str = "tells the reader to ignore its instructions";

const fn token(text: &'static str) -> Phrase {
    Phrase {
        id: "template.token",
        family: Family::TemplateToken,
        score_bp: 9500,
        line_start: false,
        text,
        why: TOKEN,
    }
}

const fn turn(text: &'static str, score_bp: u16) -> Phrase {
    Phrase {
        id: "template.turn",
        family: Family::TemplateToken,
        score_bp,
        line_start: true,
        text,
        why: TURN,
    }
}

const fn unspaced(text: &'static str) -> Phrase {
    let family = Family::IgnoreInstructions;
    Phrase {
        id: "ignore.unspaced",
        family,
        score_bp: 8500,
        line_start: false,
        text,
        why: IGNORES,
    }
}

/// All phrases; searched in the folded text.
pub(super) const PHRASES: &[Phrase] = &[
    token("<|im_start|>"),
    token("<|im_end|>"),
    token("<|im_sep|>"),
    token("<|system|>"),
    token("<|user|>"),
    token("<|assistant|>"),
    token("<|endoftext|>"),
    token("<|end|>"),
    token("<|eot_id|>"),
    token("<|begin_of_text|>"),
    token("<|start_header_id|>"),
    token("<|end_header_id|>"),
    token("<|start|>"),
    token("<|message|>"),
    token("<|channel|>"),
    token("[inst]"),
    token("[/inst]"),
    token("<<sys>>"),
    token("<</sys>>"),
    token("<start_of_turn>"),
    token("<end_of_turn>"),
    token("</system>"),
    token("<system>"),
    token("</tool_call>"),
    token("<tool_call>"),
    token("<function_calls>"),
    token("<function_results>"),
    token("<system-reminder>"),
    turn("### system", 8000),
    turn("### instruction", 8000),
    turn("### assistant", 8000),
    turn("[system]", 7500),
    turn("system prompt:", 7500),
    turn("system:", 5000),
    turn("assistant:", 5000),
    turn("human:", 4500),
    unspaced("忽略之前的指令"),
    unspaced("忽略之前的所有指令"),
    unspaced("忽略以上所有指令"),
    unspaced("忽略所有先前的指令"),
    unspaced("无视之前的指示"),
    unspaced("忽略先前的指示"),
    unspaced("以前の指示を無視"),
    unspaced("これまでの指示を無視"),
    unspaced("上記の指示を無視"),
    unspaced("이전 지시를 무시"),
    unspaced("이전 지시사항을 무시"),
    unspaced("이전의 모든 지시를 무시"),
];
