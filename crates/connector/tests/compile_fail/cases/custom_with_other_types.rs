use connector::capability::{CustomCapability, Effect};
use connector::{Integration, NoSettings, Request, Response, Result};

struct RotateBadge;

impl CustomCapability for RotateBadge {
    type Request = NoSettings;
    type Response = u64;
    const NAME: &'static str = "rotate_badge";
    const EFFECT: Effect = Effect::UnsafeWrite;
    const SUMMARY: &'static str = "Issues a new badge";
}

async fn other_request(_: Request<String>) -> Result<Response<u64>> {
    Ok(1.into())
}

async fn other_response(_: Request<NoSettings>) -> Result<Response<bool>> {
    Ok(true.into())
}

fn other_blocking_response(_: Request<NoSettings>) -> Result<Response<bool>> {
    Ok(true.into())
}

fn main() {
    let _ = Integration::builder("github").register_custom(RotateBadge, other_request);
    let _ = Integration::builder("github").register_custom(RotateBadge, other_response);
    let _ = Integration::builder("github").register_custom_blocking(RotateBadge, other_blocking_response);
}
