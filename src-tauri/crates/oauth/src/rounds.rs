//! Rounds of a session: begun, ended with what came back, given up. Each has an id, so that nobody ends another one than
//! their own.
//!
//! Never here: what is asked in a round (`round`), or the token afterwards (`session`).

use chimera_domain::fault::Fault;
use secrecy::{ExposeSecret, SecretString};

use crate::{
    address::checked,
    client::{Client, Registered},
    codes::{OAUTH_NOT_BEGUN, mismatch},
    discovery::discover,
    keeping::Kept,
    round::{Callback, Round, RoundId},
    scopes::Scopes,
    session::{Session, let_go},
    token::{self, NotGranted},
};

/// A round that was begun.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Begun {
    /// Which.
    pub id: RoundId,
    /// What the browser opens.
    pub address: String,
}

impl Session {
    /// Begins a round: what the browser opens. A former round that nobody ended is over.
    ///
    /// # Errors
    /// When the server cannot be authorized, and why; when a later round was begun, or everything let go, meanwhile.
    pub async fn begin(&self, redirect_uri: &str) -> Result<String, Fault> {
        let begun = self.begin_as(redirect_uri, None).await;
        begun.map(|begun| begun.address)
    }

    /// The same as this client, which a person entered; as whom we are otherwise where there is none.
    ///
    /// # Errors
    /// As [`Session::begin`].
    pub async fn begin_as(
        &self,
        redirect_uri: &str,
        registered: Option<Registered>,
    ) -> Result<Begun, Fault> {
        let (id, epoch) = {
            let mut state = self.locked().await;
            let id = RoundId::next();
            state.newest = Some(id);
            (id, state.epoch)
        };
        let begun = self.begun(id, redirect_uri, registered).await;
        let mut state = self.locked().await;
        if state.newest != Some(id) || state.epoch != epoch {
            return Err(overtaken());
        }
        match begun {
            Ok((round, address)) => {
                state.round = Some(round);
                Ok(Begun { id, address })
            }
            Err(fault) => {
                state.round = None;
                state.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    async fn begun(
        &self,
        id: RoundId,
        redirect_uri: &str,
        registered: Option<Registered>,
    ) -> Result<(Round, String), Fault> {
        let mut identity = self.identity.clone();
        identity.registered = registered.or(identity.registered);
        checked("the redirect address", redirect_uri)?;
        let url = checked("the server", &self.url)?;
        let (challenge, kept, is_futile) = {
            let state = self.loaded().await?;
            let is_futile = state.may_begin()?;
            (state.challenge.clone(), state.kept.clone(), is_futile)
        };
        let found = discover(&self.wire, &url, challenge.as_ref()).await?;
        let issuer = &found.issuer;
        let kept = kept.filter(|kept| kept.client.issuer == issuer.name);
        let wire = self.wire.onward(found.from_inside);
        let former = kept.as_ref().map(|kept| &kept.client);
        let client = Client::of(&wire, &identity, issuer, redirect_uri, former).await?;
        let told = challenge
            .map(|challenge| challenge.scopes)
            .unwrap_or_default();
        let wanted = if told.is_empty() {
            &found.scopes
        } else {
            &told
        };
        // A token for something new is one for what the last was for, too.
        let mut asked = kept
            .map_or_else(Scopes::default, |kept| kept.asked)
            .and(wanted);
        if !asked.is_empty() && issuer.offers_offline {
            asked.add("offline_access");
        }
        let random = [(self.random)(), (self.random)()];
        let now = self.clock.now();
        let mut round = Round::new(id, &found, client, asked, redirect_uri, random, now);
        round.is_futile = is_futile;
        let address = round.address(&issuer.authorization);
        Ok((round, address.to_string()))
    }

    /// Ends a round with the query that came back to the redirect address.
    ///
    /// # Errors
    /// When it gave no token, and why. What was kept before still is. When everything was let go meanwhile; then nothing
    /// is.
    pub async fn finish(&self, query: &str) -> Result<(), Fault> {
        let callback = Callback::parse(query)?;
        let mut state = self.loaded().await?;
        // An answer to a question that nobody asked ends no round that is under way.
        match &state.round {
            None => return Err(not_begun()),
            Some(round) if !round.is_answered_by(&callback) => {
                return Err(mismatch("the answer belongs to no round that is under way"));
            }
            Some(_) => {}
        }
        let Some(round) = state.round.take() else {
            return Err(not_begun());
        };
        let is_futile = round.is_futile;
        let finished = self.finished(round, callback);
        let Some(finished) = self.unless_let_go(state.epoch, finished).await else {
            return Err(let_go());
        };
        match finished {
            Ok(kept) => {
                state.futile = if is_futile { state.futile + 1 } else { 0 };
                state.kept = Some(kept);
                state.challenge = None;
                state.fault = None;
                state.unkept = None;
                state.refused_anew = false;
                self.is_new();
                Ok(())
            }
            Err(fault) => {
                state.fault = Some(fault.clone());
                Err(fault)
            }
        }
    }

    async fn finished(&self, round: Round, callback: Callback) -> Result<Kept, Fault> {
        let now = self.clock.now();
        let code = SecretString::from(round.code(callback, now)?);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.expose_secret()),
            ("redirect_uri", &round.redirect_uri),
            ("code_verifier", &round.verifier),
            ("resource", &round.resource),
        ];
        let wire = self.wire.onward(round.from_inside);
        let (endpoint, known) = (&round.token_endpoint, self.secrets());
        let granted = token::asked(&wire, &round.client, endpoint, &fields, &known, now)
            .await
            .map_err(NotGranted::fault)?;
        let mut kept = Kept::new(
            self.url.clone(),
            round.client,
            round.token_endpoint,
            round.resource,
            round.from_inside,
            round.asked,
        );
        kept.take(granted);
        self.handed.note(&kept);
        self.keeping.keep(kept.to_text()?).await?;
        Ok(kept)
    }

    /// Whether somebody may still come back with an answer to this round.
    pub async fn waits(&self, id: RoundId) -> bool {
        let state = self.locked().await;
        state.round.as_ref().is_some_and(|round| round.id == id)
    }

    /// Ends this round, if it is still under way: whoever comes back after this is too late. One that was begun after it
    /// goes on, and what was authorized before still is.
    pub async fn abandon(&self, id: RoundId) {
        let mut state = self.locked().await;
        state.round.take_if(|round| round.id == id);
    }
}

fn not_begun() -> Fault {
    Fault::of(
        OAUTH_NOT_BEGUN,
        "no authorization of this server is under way; nothing was authorized; begin it again",
    )
}

fn overtaken() -> Fault {
    Fault::of(
        OAUTH_NOT_BEGUN,
        "another authorization of this server was begun, or it was taken back, in the same moment; this one is over and nothing was authorized by it; begin it again if you do not know of the other",
    )
}
