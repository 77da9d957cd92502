//! How a call shows who makes it.

use std::sync::Arc;

use reqwest::Request;
use reqwest::header::{HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::error::Result;

type Signer = dyn Fn(&mut Request) -> Result<()> + Send + Sync;

/// What is added to each attempt.
#[derive(Clone)]
pub(super) enum Credentials {
    Header(HeaderName, HeaderValue),
    Query(String, Zeroizing<String>),
    Signer(Arc<Signer>),
}

impl Credentials {
    pub(super) fn apply(&self, request: &mut Request) -> Result<()> {
        match self {
            Self::Header(name, value) => {
                request.headers_mut().insert(name.clone(), value.clone());
            }
            Self::Query(name, value) => {
                request.url_mut().query_pairs_mut().append_pair(name, value);
            }
            Self::Signer(sign) => sign(request)?,
        }
        Ok(())
    }
}
