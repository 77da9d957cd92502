//! [`Key`]: a credential that a program or a user signs in to the upstream with.

use std::ops::Range;

use connector::model::{InvalidTimestamp, Timestamp};
use serde::Serialize;

use super::{Bot, Tenant, User, year};

/// One in how many users has a key.
const WITH_KEY: u64 = 10;
/// One in how many users has used a key.
const WITH_USED_KEY: u64 = 20;
/// The day on which certificates expire, a year after the end of the tenant's history.
const EXPIRY: u64 = 2 * year::DAYS;

/// A credential. As JSON, it has the upstream's field names.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Key {
    /// The certificate of a program.
    Program(Bot),
    /// The API key of a user.
    User(User),
}

impl Key {
    pub(crate) fn id(self) -> String {
        match self {
            Self::Program(bot) => ["certificate-", &bot.id()].concat(),
            Self::User(user) => ["key-", &user.id()].concat(),
        }
    }

    pub(crate) fn created(self) -> Result<Timestamp, InvalidTimestamp> {
        match self {
            Self::Program(bot) => bot.created(),
            Self::User(_) => year::day(0),
        }
    }

    /// When it expires; `None` if it never does.
    pub(crate) fn expires(self) -> Result<Option<Timestamp>, InvalidTimestamp> {
        matches!(self, Self::Program(_)).then(|| year::day(EXPIRY)).transpose()
    }

    /// The time of its last use, if any. That was also the owner's last activity.
    pub(crate) fn last_used(self) -> Result<Option<Timestamp>, InvalidTimestamp> {
        match self {
            Self::Program(bot) => bot.last_active(),
            Self::User(user) => {
                user.index().is_multiple_of(WITH_USED_KEY).then(|| user.last_active()).transpose()
            }
        }
    }
}

/// A listing of credentials: first those of programs, then those of users.
pub(crate) struct Keys {
    bots: Vec<Bot>,
    /// One in how many users has a key in the listing.
    every: u64,
    users: u64,
}

impl Keys {
    /// All credentials.
    pub(crate) fn all(tenant: Tenant) -> Self {
        Self { bots: Bot::all().collect(), every: WITH_KEY, users: tenant.accounts() }
    }

    /// The credentials that have been used.
    pub(crate) fn used(tenant: Tenant) -> Self {
        let bots = Bot::all().filter(|bot| bot.is_used()).collect();
        Self { bots, every: WITH_USED_KEY, users: tenant.accounts() }
    }

    /// Number of credentials.
    pub(crate) fn count(&self) -> u64 {
        self.bots.len() as u64 + self.users.div_ceil(self.every)
    }

    /// The credentials at these positions. There must be that many.
    pub(crate) fn at(&self, positions: Range<u64>) -> impl Iterator<Item = Key> {
        let before = self.bots.len() as u64;
        positions.map(move |position| {
            let bot = usize::try_from(position).ok().and_then(|position| self.bots.get(position));
            match bot {
                Some(bot) => Key::Program(*bot),
                None => Key::User(User::new((position - before) * self.every)),
            }
        })
    }
}
