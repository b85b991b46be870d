//! Passwords: what may be one, and Argon2id over it, off the async threads and a few at a time.
//!
//! Never here: storing a hash.

use std::sync::Arc;

use argon2::{Argon2, PasswordHash, PasswordHasher, PasswordVerifier};
use chimera_contract::error::people;
use tokio::sync::Semaphore;

use crate::problem::{Answer, Problem};

/// Fewest characters of a password.
pub const MIN_CHARS: usize = 12;
/// Most characters of a password.
const MAX_CHARS: usize = 256;
/// Hashes that are computed at once; each takes 19 MiB for a moment.
const MAX_AT_ONCE: usize = 2;

/// Hashes and verifies.
pub struct Passwords {
    turns: Arc<Semaphore>,
}

impl Default for Passwords {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(MAX_AT_ONCE)),
        }
    }
}

impl Passwords {
    /// The PHC string of a password that passed [`check`].
    ///
    /// # Errors
    /// `INTERNAL_ERROR`, when it could not be computed.
    pub async fn hash(&self, password: &str) -> Answer<String> {
        let password = password.to_owned();
        self.work(move || {
            Argon2::default()
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
                .map_err(|error| Problem::internal(&error))
        })
        .await?
    }

    /// Whether `password` belongs to `hash`. Without a hash the answer is no, after the same time, so that
    /// nobody learns from a clock which accounts exist.
    ///
    /// # Errors
    /// `INTERNAL_ERROR`, when it could not be computed.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> Answer<bool> {
        if password.chars().count() > MAX_CHARS {
            return Ok(false);
        }
        let Some(hash) = hash.map(str::to_owned) else {
            return self.hash(password).await.map(|_| false);
        };
        let password = password.to_owned();
        self.work(move || {
            let known = PasswordHash::new(&hash).map_err(|error| Problem::internal(&error))?;
            Ok(Argon2::default()
                .verify_password(password.as_bytes(), &known)
                .is_ok())
        })
        .await?
    }

    async fn work<T: Send + 'static>(&self, job: impl FnOnce() -> T + Send + 'static) -> Answer<T> {
        let turn = self
            .turns
            .clone()
            .acquire_owned()
            .await
            .map_err(|error| Problem::internal(&error))?;
        tokio::task::spawn_blocking(move || {
            let done = job();
            drop(turn);
            done
        })
        .await
        .map_err(|error| Problem::internal(&error))
    }
}

/// Refuses a password that is too short, too long, or guessed at once.
///
/// # Errors
/// `PASSWORD_WEAK`, with the reason.
pub fn check(password: &str, name: &str, email: &str) -> Answer<()> {
    let refuse = |why: &str| {
        Err(Problem::saying(
            &people::PASSWORD_WEAK,
            format!("{why} {}", people::PASSWORD_WEAK.hint),
        ))
    };
    let chars = password.chars().count();
    if chars < MIN_CHARS {
        return refuse(&format!(
            "The password has {chars} characters, the fewest are {MIN_CHARS}."
        ));
    }
    if chars > MAX_CHARS {
        return refuse(&format!(
            "The password has {chars} characters, the most are {MAX_CHARS}."
        ));
    }
    let folded = password.to_lowercase();
    let own = [name, email].map(str::to_lowercase);
    if own.contains(&folded) {
        return refuse("The password is your own name or address.");
    }
    let first = password.chars().next();
    if password.chars().all(|sign| Some(sign) == first) {
        return refuse("The password is one sign, repeated.");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_hash_is_argon2id_salted_and_knows_its_password_only() {
        let passwords = Passwords::default();
        let one = passwords.hash("correct horse battery").await.unwrap();
        let two = passwords.hash("correct horse battery").await.unwrap();
        assert!(one.starts_with("$argon2id$v=19$"), "{one}");
        assert_ne!(one, two);
        assert_eq!(
            passwords.verify("correct horse battery", Some(&one)).await,
            Ok(true)
        );
        assert_eq!(
            passwords.verify("correct horse", Some(&one)).await,
            Ok(false)
        );
        assert_eq!(
            passwords.verify("correct horse battery", None).await,
            Ok(false)
        );
    }

    #[test]
    fn weak_passwords_are_refused_with_the_reason() {
        for (weak, why) in [
            ("short", "5 characters"),
            ("aaaaaaaaaaaaaaa", "one sign"),
            ("Tomas.Ekholm@Halden.example", "own name or address"),
            (&"x".repeat(300), "300 characters"),
        ] {
            let problem = check(weak, "Tomas", "tomas.ekholm@halden.example").unwrap_err();
            assert!(problem.message.contains(why), "{weak}: {}", problem.message);
        }
        assert_eq!(
            check("a long enough phrase", "Tomas", "t@h.example"),
            Ok(())
        );
    }
}
