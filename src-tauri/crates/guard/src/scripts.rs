//! Which script a letter is of, as far as that tells a word that deceives from one of a living language.
//!
//! Never here: which letters look alike (`fold`).

/// A script, or several that are written together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Script {
    Latin,
    /// Letters of Latin in another form: mathematical, fullwidth, numerals of Rome.
    Styled,
    Greek,
    Cyrillic,
    Armenian,
    Hebrew,
    Arabic,
    Georgian,
    Cherokee,
    /// Chinese, Japanese and Korean.
    EastAsian,
    /// Scripts that put no blank between words: Thai, Lao, Burmese, Khmer.
    Unspaced,
    Other,
}

impl Script {
    pub(crate) fn of(letter: char) -> Self {
        match u32::from(letter) {
            0x0000..=0x02AF
            | 0x1D00..=0x1DBF
            | 0x1E00..=0x1EFF
            | 0x2C60..=0x2C7F
            | 0xA720..=0xA7FF
            | 0xAB30..=0xAB6F => Self::Latin,
            0x2100..=0x218F | 0xFF10..=0xFF5A | 0x1D400..=0x1D7FF => Self::Styled,
            0x0370..=0x03FF | 0x1F00..=0x1FFF => Self::Greek,
            0x0400..=0x052F | 0x1C80..=0x1C8F | 0x2DE0..=0x2DFF | 0xA640..=0xA69F => Self::Cyrillic,
            0x0530..=0x058F => Self::Armenian,
            0x0590..=0x05FF | 0xFB1D..=0xFB4F => Self::Hebrew,
            0x0600..=0x08FF | 0xFB50..=0xFDFF | 0xFE70..=0xFEFE => Self::Arabic,
            0x10A0..=0x10FF | 0x1C90..=0x1CBF | 0x2D00..=0x2D2F => Self::Georgian,
            0x13A0..=0x13FF | 0xAB70..=0xABBF => Self::Cherokee,
            0x1100..=0x11FF
            | 0x2E80..=0xA4CF
            | 0xA960..=0xA97F
            | 0xAC00..=0xD7FF
            | 0xF900..=0xFAFF
            | 0xFF66..=0xFFDC
            | 0x1AFF0..=0x1B16F
            | 0x20000..=0x3FFFF => Self::EastAsian,
            0x0E00..=0x0EFF | 0x1000..=0x109F | 0x1780..=0x17FF => Self::Unspaced,
            _ => Self::Other,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Latin => "Latin",
            Self::Styled => "styled",
            Self::Greek => "Greek",
            Self::Cyrillic => "Cyrillic",
            Self::Armenian => "Armenian",
            Self::Hebrew => "Hebrew",
            Self::Arabic => "Arabic",
            Self::Georgian => "Georgian",
            Self::Cherokee => "Cherokee",
            Self::EastAsian | Self::Unspaced | Self::Other => "other",
        }
    }
}
