//! The scan over the vectors of one space: exact, and over a quarter of their bytes.
//!
//! Each vector is held twice: as it is, and as bytes, one a number, with the length of what the bytes leave out. The
//! bytes bound the cosine from both sides; only where the upper bound reaches the best lower ones is it worked out from
//! the vector itself. So what comes out is what a scan over the vectors themselves would give, and the memory's
//! bandwidth, which is the limit, is asked for a quarter. Never here: reading vectors from the store.

use std::{
    cmp::{Ordering, Reverse},
    collections::BinaryHeap,
};

use crate::rank::{MIN_COSINE, Scored, best};

/// Numbers that are multiplied side by side.
const LANES: usize = 16;
/// Codes that are widened at once.
const WIDENED: usize = 32;
/// The highest byte of a number.
const MAX_CODE: f32 = 127.0;
/// The highest code of a question's number: with it no sum over a vector of the longest length overflows.
const MAX_ASKED_CODE: f32 = 4_095.0;
/// What the arithmetic in single precision may add to a bound.
const ROUNDING: f32 = 1e-4;

/// Vectors of one space, one after another.
#[derive(Default, Debug)]
pub(crate) struct Vectors {
    rows: Vec<u64>,
    numbers: Vec<f32>,
    codes: Vec<i8>,
    /// Of each vector: what one step of its bytes is worth, and the length of what they leave out.
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    worth: f32,
    left_out: f32,
}

/// A question as the scan asks it.
struct Asked {
    codes: Vec<i16>,
    worth: f32,
    left_out: f32,
    length: f32,
}

impl Vectors {
    /// Adds a vector of length one, or of zeros.
    pub(crate) fn push(&mut self, row: u64, vector: &[f32]) {
        let worth = step(vector, MAX_CODE);
        let from = self.codes.len();
        self.codes.extend(codes(vector, worth).map(narrow));
        let left_out = left_out(vector, &self.codes[from..], worth);
        self.rows.push(row);
        self.numbers.extend_from_slice(vector);
        self.steps.push(Step { worth, left_out });
    }

    /// Bytes that they take.
    pub(crate) fn bytes(&self) -> usize {
        size_of_val(self.rows.as_slice())
            + size_of_val(self.numbers.as_slice())
            + size_of_val(self.codes.as_slice())
            + size_of_val(self.steps.as_slice())
    }

    /// The `most` rows nearest to `question`, nearest first; none whose cosine is below [`MIN_COSINE`].
    pub(crate) fn nearest(&self, question: &[f32], most: usize) -> Vec<Scored> {
        if question.is_empty() || most == 0 {
            return Vec::new();
        }
        let asked = Asked::of(question);
        let mut reached = Reached::of(most);
        // The most that each can score, in the order of the rows.
        let mut uppers: Vec<f32> = Vec::with_capacity(self.rows.len());
        let vectors = self.codes.chunks_exact(question.len());
        for (codes, step) in vectors.zip(&self.steps) {
            let (score, slack) = asked.about(codes, *step);
            reached.take(score - slack);
            uppers.push(score + slack);
        }
        let least = reached.least().max(MIN_COSINE);
        let exact = uppers
            .iter()
            .enumerate()
            .filter(|(_, upper)| **upper >= least)
            .filter_map(|(at, _)| {
                let vector = self
                    .numbers
                    .get(at * question.len()..)?
                    .get(..question.len())?;
                Some(Scored {
                    row: *self.rows.get(at)?,
                    score: dot(vector, question),
                })
            })
            .filter(|one| one.score >= MIN_COSINE);
        best(exact, most)
    }
}

impl Asked {
    fn of(numbers: &[f32]) -> Self {
        let worth = step(numbers, MAX_ASKED_CODE);
        let codes: Vec<i16> = codes(numbers, worth).collect();
        let left_out = left_out(numbers, &codes, worth);
        Self {
            codes,
            worth,
            left_out,
            length: dot(numbers, numbers).sqrt(),
        }
    }

    /// About the cosine with a vector, and how far it can be from it: what either side's codes leave out, against the
    /// whole of the other (Cauchy and Schwarz).
    #[expect(
        clippy::cast_precision_loss,
        reason = "far below the slack that is added for it"
    )]
    fn about(&self, codes: &[i8], step: Step) -> (f32, f32) {
        let score = dot_codes(codes, &self.codes) as f32 * step.worth * self.worth;
        let slack = step.left_out * self.length + self.left_out * (1.0 + step.left_out);
        (score, slack + ROUNDING)
    }
}

/// The best so many lower bounds.
struct Reached {
    best: BinaryHeap<Reverse<Bound>>,
    most: usize,
}

/// A bound in the order of numbers.
#[derive(Clone, Copy, PartialEq)]
struct Bound(f32);

impl Eq for Bound {}

impl PartialOrd for Bound {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Bound {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.total_cmp(&other.0)
    }
}

impl Reached {
    fn of(most: usize) -> Self {
        Self {
            best: BinaryHeap::with_capacity(most + 1),
            most,
        }
    }

    fn take(&mut self, bound: f32) {
        if self.best.len() < self.most {
            self.best.push(Reverse(Bound(bound)));
        } else if self.best.peek().is_some_and(|least| bound > least.0.0) {
            self.best.pop();
            self.best.push(Reverse(Bound(bound)));
        }
    }

    /// What is below it cannot be among the best; everything can, while they are fewer than wanted.
    fn least(&self) -> f32 {
        match self.best.peek() {
            Some(least) if self.best.len() == self.most => least.0.0,
            _ => f32::NEG_INFINITY,
        }
    }
}

/// What one step of the codes is worth, so that the greatest number has the greatest code.
fn step(numbers: &[f32], most: f32) -> f32 {
    let (blocks, rest) = numbers.as_chunks::<LANES>();
    let mut greatest = [0.0_f32; LANES];
    for block in blocks {
        for (most, number) in greatest.iter_mut().zip(block) {
            *most = most.max(number.abs());
        }
    }
    let all = greatest.iter().chain(rest);
    all.fold(0.0_f32, |most, number| most.max(number.abs())) / most
}

/// The nearest code of each number; of the two that are as near either will do, since what a code leaves out is
/// worked out from the code itself. Half a step and a cut are several times as fast as rounding.
#[expect(
    clippy::cast_possible_truncation,
    reason = "at most the highest code and a half"
)]
fn codes(numbers: &[f32], worth: f32) -> impl Iterator<Item = i16> {
    let by = if worth > 0.0 { 1.0 / worth } else { 0.0 };
    numbers.iter().map(move |number| {
        let steps = number * by;
        (steps + 0.5_f32.copysign(steps)) as i16
    })
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "at most the highest code of a byte"
)]
fn narrow(code: i16) -> i8 {
    code.clamp(i16::from(-i8::MAX), i16::from(i8::MAX)) as i8
}

/// The length of what the codes do not say.
fn left_out<Code: Copy>(numbers: &[f32], codes: &[Code], worth: f32) -> f32
where
    f32: From<Code>,
{
    let square = |number: f32, code: Code| {
        let off = number - f32::from(code) * worth;
        off * off
    };
    let (ones, rest) = numbers.as_chunks::<LANES>();
    let (others, other_rest) = codes.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (one, other) in ones.iter().zip(others) {
        for ((sum, number), code) in sums.iter_mut().zip(one).zip(other) {
            *sum += square(*number, *code);
        }
    }
    let tail = rest.iter().zip(other_rest);
    let tail: f32 = tail.map(|(number, code)| square(*number, *code)).sum();
    (sums.iter().sum::<f32>() + tail).sqrt()
}

/// The sum of products of codes. A block is widened before it is multiplied: so the compiler finds the instruction
/// that multiplies and adds pairs, which is twice as fast.
fn dot_codes(one: &[i8], other: &[i16]) -> i32 {
    let (ones, rest) = one.as_chunks::<WIDENED>();
    let (others, other_rest) = other.as_chunks::<WIDENED>();
    let mut sum = 0_i32;
    for (one, other) in ones.iter().zip(others) {
        let mut wide = [0_i16; WIDENED];
        for (wide, code) in wide.iter_mut().zip(one) {
            *wide = i16::from(*code);
        }
        let products = wide
            .iter()
            .zip(other)
            .map(|(left, right)| i32::from(*left) * i32::from(*right));
        sum += products.sum::<i32>();
    }
    let tail = rest
        .iter()
        .zip(other_rest)
        .map(|(left, right)| i32::from(*left) * i32::from(*right));
    sum + tail.sum::<i32>()
}

/// The cosine of two vectors of length one.
fn dot(one: &[f32], other: &[f32]) -> f32 {
    let (ones, rest) = one.as_chunks::<LANES>();
    let (others, other_rest) = other.as_chunks::<LANES>();
    let mut sums = [0.0_f32; LANES];
    for (one, other) in ones.iter().zip(others) {
        for ((sum, left), right) in sums.iter_mut().zip(one).zip(other) {
            *sum += left * right;
        }
    }
    let tail: f32 = rest
        .iter()
        .zip(other_rest)
        .map(|(left, right)| left * right)
        .sum();
    sums.iter().sum::<f32>() + tail
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::embedder::MAX_DIMENSION;

    fn plain(vectors: &[Vec<f32>], question: &[f32], most: usize) -> Vec<Scored> {
        let all = vectors.iter().zip(0..).map(|(vector, row)| Scored {
            row,
            score: dot(vector, question),
        });
        best(all.filter(|one| one.score >= MIN_COSINE), most)
    }

    fn held(vectors: &[Vec<f32>]) -> Vectors {
        let mut all = Vectors::default();
        for (vector, row) in vectors.iter().zip(0..) {
            all.push(row, vector);
        }
        all
    }

    fn vectors(of: usize) -> impl Strategy<Value = Vec<Vec<f32>>> {
        let vector = prop::collection::vec(-1.0_f32..1.0, of);
        let vector = vector.prop_map(|vector| crate::embedder::unit(vector).unwrap());
        prop::collection::vec(vector, 1..120)
    }

    proptest! {
        #[test]
        fn what_comes_out_is_what_a_scan_over_the_vectors_themselves_gives(
            (all, most) in (1_usize..40).prop_flat_map(|of| (vectors(of), 1_usize..12))
        ) {
            let (question, all) = all.split_first().unwrap();
            // Some of them close together, where the codes alone could not tell them apart.
            let mut all = all.to_vec();
            let near = all.iter().take(9).map(|one| {
                let moved = one.iter().zip(question).map(|(one, asked)| one * 1e-4 + asked);
                crate::embedder::unit(moved.collect()).unwrap()
            });
            let near: Vec<_> = near.collect();
            all.extend(near);
            prop_assert_eq!(held(&all).nearest(question, most), plain(&all, question, most));
        }
    }

    #[test]
    fn zeros_one_number_and_the_longest_vector_are_scanned_like_any() {
        let one_hot = |at: usize| -> Vec<f32> {
            (0..MAX_DIMENSION)
                .map(|here| f32::from(u8::from(here == at)))
                .collect()
        };
        let even = crate::embedder::unit(vec![1.0; MAX_DIMENSION]).unwrap();
        let all = [
            vec![0.0; MAX_DIMENSION],
            one_hot(0),
            one_hot(MAX_DIMENSION - 1),
            even.clone(),
        ];
        for question in &all {
            assert_eq!(held(&all).nearest(question, 3), plain(&all, question, 3));
        }
        // The greatest sum that there can be.
        assert_eq!(held(&all).nearest(&even, 1)[0].row, 3);
        assert_eq!(held(&[vec![1.0]]).nearest(&[1.0], 5).len(), 1);
        assert_eq!(held(&all).nearest(&even, 0), []);
        assert_eq!(Vectors::default().nearest(&even, 3), []);
    }

    #[test]
    fn the_scan_multiplies_every_number() {
        for length in [1, 15, 16, 17, 40] {
            let one: Vec<f32> = (0..length).map(|at| at as f32).collect();
            let plain: f32 = one.iter().map(|number| number * number).sum();
            assert!(
                (dot(&one, &one) - plain).abs() < plain * 1e-6 + 1e-6,
                "{length}"
            );
            let codes: Vec<i8> = (0..length).map(|at| at as i8).collect();
            let wide: Vec<i16> = codes.iter().map(|code| i16::from(*code)).collect();
            let plain: i32 = wide.iter().map(|code| i32::from(*code).pow(2)).sum();
            assert_eq!(dot_codes(&codes, &wide), plain, "{length}");
        }
    }
}
