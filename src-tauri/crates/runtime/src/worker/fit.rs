//! What a question shows beside what it must say, left out from the end until its turn fits (COG-11).
//!
//! Never here: the bound itself, or refusing what does not fit even so (the loop does).

use chimera_crew::Bounds;
use chimera_domain::fault::Fault;
use chimera_ports::model::most_tokens;

use super::reason::Question;

/// Tokens of a turn that stay free, so that a bad answer can be sent back to be mended.
pub(super) const ROOM_TO_MEND: u64 = 400;
/// Earlier posts that stay while there are two sources or more.
const POSTS_KEPT: usize = 5;

/// How many of each a question shows: of the sources the most relevant, of the posts the newest.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Shown {
    pub(crate) sources: usize,
    pub(crate) posts: usize,
    /// Of what is remembered the most fitting.
    pub(crate) memories: usize,
    /// Of what tools answered the first.
    pub(crate) answers: usize,
}

impl Shown {
    /// One less: the oldest post, then the least fitting memory, then the last answer of a tool, then the least relevant
    /// source, then the other posts.
    /// One source stays.
    const fn less(self) -> Option<Self> {
        let mut less = self;
        if self.posts > POSTS_KEPT {
            less.posts -= 1;
        } else if self.memories > 0 {
            less.memories -= 1;
        } else if self.answers > 0 {
            less.answers -= 1;
        } else if self.sources > 1 {
            less.sources -= 1;
        } else if self.posts > 0 {
            less.posts -= 1;
        } else {
            return None;
        }
        Some(less)
    }
}

/// The question with as much of `all` as one turn holds, and how much that is. It is longer than a turn only when it is so with the least.
pub(crate) fn fitted(
    bounds: &Bounds,
    all: Shown,
    question: impl Fn(Shown) -> Result<Question, Fault>,
) -> Result<(Question, Shown), Fault> {
    let most = bounds.max_input_tokens.saturating_sub(ROOM_TO_MEND);
    let mut shown = all;
    loop {
        let asked = question(shown)?;
        match shown.less() {
            Some(less) if reads(&asked) > most => shown = less,
            _ => return Ok((asked, shown)),
        }
    }
}

/// What a question without tools reads.
fn reads(question: &Question) -> u64 {
    most_tokens(&question.system)
        + most_tokens(&question.user)
        + question.ask.answer_schema().most_tokens()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_posts_go_first_then_memories_then_the_least_relevant_sources_and_one_source_stays()
     {
        let mut shown = Shown {
            sources: 3,
            posts: 7,
            memories: 2,
            answers: 1,
        };
        let mut way = Vec::new();
        while let Some(less) = shown.less() {
            way.push((less.sources, less.posts, less.memories, less.answers));
            shown = less;
        }
        let expected = [
            (3, 6, 2, 1),
            (3, 5, 2, 1),
            (3, 5, 1, 1),
            (3, 5, 0, 1),
            (3, 5, 0, 0),
            (2, 5, 0, 0),
            (1, 5, 0, 0),
            (1, 4, 0, 0),
            (1, 3, 0, 0),
            (1, 2, 0, 0),
            (1, 1, 0, 0),
            (1, 0, 0, 0),
        ];
        assert_eq!(way, expected);
    }
}
